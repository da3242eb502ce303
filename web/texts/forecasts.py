"""The words for the summative part of an assessment, by the vocabulary of the school (S-OMD-8, S-OMD-9)."""

from collections.abc import Mapping

from events.assessments import Forecast, ProgrammeDecision
from events.school import ForecastVocabulary

FORECASTS: Mapping[ForecastVocabulary, Mapping[Forecast, str]] = {
    ForecastVocabulary.KUNSKAPSKRAV_2011: {
        Forecast.EXPECTED: "Expected to reach the knowledge requirements",
        Forecast.AT_RISK: "At risk of not reaching the knowledge requirements",
        Forecast.NOT_YET_ASSESSABLE: "Cannot be assessed yet",
    },
    ForecastVocabulary.BETYGSKRITERIER_2022: {
        Forecast.EXPECTED: "Expected to meet the criteria",
        Forecast.AT_RISK: "At risk of not meeting the criteria",
        Forecast.NOT_YET_ASSESSABLE: "Cannot be assessed yet",
    },
}
"""In English; the Swedish are those of `aggregates.vocabulary`."""

PROGRAMMES: Mapping[ProgrammeDecision, str] = {
    ProgrammeDecision.DRAWN_UP: "An action programme is drawn up",
    ProgrammeDecision.NOT_NEEDED: "The principal has decided that no action programme is needed",
}
"""What a link says of the inquiry after a risk, in English."""
