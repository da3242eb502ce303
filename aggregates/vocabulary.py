"""The words for the summative part of an assessment, by the vocabulary a school's settings name (S-OMD-8, S-OMD-9)."""

from events.assessments import Forecast
from events.school import ForecastVocabulary

FORECAST_WORDS: dict[ForecastVocabulary, dict[Forecast, str]] = {
    ForecastVocabulary.KUNSKAPSKRAV_2011: {
        Forecast.EXPECTED: "Väntas nå kunskapskrav",
        Forecast.AT_RISK: "Risk att inte nå kunskapskrav",
        Forecast.NOT_YET_ASSESSABLE: "Kan inte bedömas ännu",
    },
    ForecastVocabulary.BETYGSKRITERIER_2022: {
        Forecast.EXPECTED: "Väntas uppfylla kriterierna",
        Forecast.AT_RISK: "Risk att inte uppfylla kriterierna",
        Forecast.NOT_YET_ASSESSABLE: "Kan inte bedömas ännu",
    },
}
"""Swedish, as shown on screen; the sources' words of 2011, and those of the criteria in force since 2022."""
