"""Composes what pupils, guardians, teachers and mentors write in the demo."""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from random import Random

from app.demo_texts.phrases import Band, Words, band_of, bank, compose, for_band, words
from events.assessments import Forecast
from events.base import Role
from events.goals import GoalContent
from events.plan import LockObstacle
from events.planning_document import DocumentContent, MatrixRow, Section
from events.template import Question

_STEP_WEIGHTS = (4, 5, 2, 1)
"""How often the first, second ... step of a scale is chosen."""
_LONGEST_NAMED_GOAL = 120
_LEVELS = ("På väg", "Kan", "Kan väl")
_SWEDISH, _SWEDISH_AS_SECOND = "GRGRSVE01", "GRGRSVA01"
_MOTHER_TONGUE, _MODERN_LANGUAGES, _SIGN_LANGUAGE = "GRGRMOD01", "GRGRMSP01", "GRGRTSP01"
_FIRST_GRADE_OF_MODERN_LANGUAGES = 6
_ONE_IN = 8
"""One pupil of so many reads Swedish as a second language, and one of so many has mother tongue teaching."""


_YEARS_WITH_CRITERIA = (3, 6, 9)


class _Voice(Enum):
    """Who speaks to whom: the pupil's own words, a teacher to the pupil, about a pupil."""

    PUPIL = "jag"
    TO_PUPIL = "du"
    ABOUT = "man"


_PRONOUNS = {
    _Voice.PUPIL: {"man": "jag", "sig": "mig", "sin": "min", "sitt": "mitt", "sina": "mina"},
    _Voice.TO_PUPIL: {"man": "du", "sig": "dig", "sin": "din", "sitt": "ditt", "sina": "dina"},
    _Voice.ABOUT: {"man": "man", "sig": "sig", "sin": "sin", "sitt": "sitt", "sina": "sina"},
}


class DemoTexts:
    """Writes texts from one source of chance: the same seed and the same order of questions give the same texts.

    Every text is Swedish, at most 4,000 characters, about work and learning: nothing sensitive, nobody's character
    (S-FRE-2, S-FRE-3).
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def answer(self, question: Question, role: Role, grade: int) -> str:
        """An answer to a question of a plan, in the voice of the role; goes with any step of its scale."""
        band = band_of(grade)
        voice = Role.TEACHER if role is Role.EDUCATOR else role
        bank_ = bank("answers")
        slots = for_band(bank_.get(question.key, {}).get(voice, {}), band) or for_band(bank_["ovrig"][voice], band)
        return compose(self._rng, slots, words(band))

    def choice(self, question: Question) -> str:
        """The key of a step of the question's scale; the first steps are the likelier."""
        keys = [step.key for step in question.scale]
        weights = [_STEP_WEIGHTS[min(number, len(_STEP_WEIGHTS) - 1)] for number in range(len(keys))]
        return self._rng.choices(keys, weights)[0]

    def goal(self, subject_code: str, subject_name: str, grade: int) -> GoalContent:
        """A goal in a subject, in the pupil's own words, with activities and responsibility."""
        band, choices = band_of(grade), _subject_words(subject_code, subject_name, grade, _Voice.PUPIL)
        frames = bank("frames")["goal"]
        return GoalContent(
            text=compose(self._rng, for_band(frames["text"], band), choices),
            activities=compose(self._rng, for_band(frames["activities"], band), choices),
            responsibility=compose(self._rng, for_band(frames["responsibility"], band), choices),
            subjects=(subject_code,),
        )

    def assessment(self, subject_code: str, subject_name: str, forecast: Forecast, grade: int) -> str:
        """The formative text of an assessment in a subject, to the pupil, in keeping with the forecast."""
        slots = for_band(bank("frames")["assessment"][forecast], band_of(grade))
        return compose(self._rng, slots, _subject_words(subject_code, subject_name, grade, _Voice.TO_PUPIL))

    def development_area(self, subject_code: str, subject_name: str, grade: int) -> tuple[str, str]:
        """What to develop in a subject, and how to stimulate it."""
        band, choices = band_of(grade), _subject_words(subject_code, subject_name, grade, _Voice.ABOUT)
        area = bank("frames")["area"]
        return (
            compose(self._rng, for_band(area["text"], band), choices),
            compose(self._rng, for_band(area["support"], band), choices),
        )

    def viewpoint(self, grade: int = 4) -> str:
        """What a guardian wants to bring up at the conversation."""
        return self._framed("viewpoint", grade)

    def evaluation_of_conversation(self, grade: int = 4) -> str:
        """What a guardian thought of the conversation."""
        return self._framed("evaluation_of_conversation", grade)

    def evaluation_of_goal(self, role: Role = Role.PUPIL, grade: int = 4) -> str:
        """How the work towards a goal went, in the voice of the role."""
        voice = Role.TEACHER if role is Role.EDUCATOR else role
        return compose(self._rng, bank("frames")["evaluation_of_goal"][voice], words(band_of(grade)))

    def learning_note(self, goal_text: str, grade: int = 4) -> str:
        """What the pupil did towards a goal and how one knows; names the goal when it is short."""
        note = self._framed("learning_note", grade)
        goal = goal_text.strip().split("\n")[0].rstrip(".")
        named = 0 < len(goal) <= _LONGEST_NAMED_GOAL and self._rng.choice((True, False))
        return f"{goal}: {note}" if named else note

    def concern(self) -> str:
        """Why somebody thinks that a text should not stand in the plan; says nothing of what it holds."""
        return self._framed("concern")

    def concern_closed(self) -> str:
        """The mentor's reason for closing a concern."""
        return self._framed("concern_closed")

    def goal_declined(self) -> str:
        """Why a proposal was not taken up."""
        return self._framed("goal_declined")

    def goal_reopened(self) -> str:
        """Why a goal goes back to Påbörjat."""
        return self._framed("goal_reopened")

    def goal_abandoned(self) -> str:
        """Why the work towards a goal ended."""
        return self._framed("goal_abandoned")

    def correction_reason(self) -> str:
        """Why a text in a locked plan was corrected."""
        return self._framed("correction_reason")

    def start_reason(self) -> str:
        """Why a plan was started though the one before was not locked or not evaluated; one line."""
        return self._framed("start_reason")

    def lock_reason(self, obstacle: LockObstacle) -> str:
        """The mentor's reason for locking in spite of an obstacle."""
        return compose(self._rng, bank("frames")["lock_reason"][obstacle], {})

    def programme_reference(self, year: int) -> str:
        """The reference of an action programme that is kept elsewhere; one line."""
        return f"ÅP {year}-{self._rng.randrange(1, 1000):03d}"

    def planning(self, subject_code: str, grade: int) -> DocumentContent:
        """A local pedagogical planning (LPP) of one area of work."""
        subject = _subject(subject_code, band_of(grade), _Voice.TO_PUPIL)
        area = self._rng.choice(subject["omraden"])
        can, support = self._rng.sample(subject["kan"], 3), self._rng.sample(subject["stod"], 3)
        sections = {
            "Mål": f"När arbetsområdet är slut ska du kunna {can[0]}, {can[1]} och {can[2]}.",
            "Innehåll": f"Vi arbetar med {area}.",
            "Arbetssätt": f"Du får {support[0]}, {support[1]} och {support[2]}.",
            "Så visar du vad du kan": f"Du visar att du kan {can[0]} i en uppgift, och att du kan {can[1]} i samtal.",
        }
        return DocumentContent(
            title=f"LPP: {area[0].upper()}{area[1:]}",
            subject=subject_code,
            grades=(grade,),
            sections=tuple(Section(heading=heading, text=text) for heading, text in sections.items()),
        )

    def matrix(self, subject_code: str, subject_name: str, grade: int) -> DocumentContent:
        """A matrix with three levels for some abilities of a subject."""
        return DocumentContent(
            title=f"Bedömningsmatris: {subject_name}",
            subject=subject_code,
            grades=(grade,),
            levels=_LEVELS,
            rows=tuple(
                MatrixRow(
                    ability=f"{ability[0].upper()}{ability[1:]}",
                    levels=(
                        f"Du kan {ability} med stöd.",
                        f"Du kan {ability} i uppgifter som vi har övat på.",
                        f"Du kan {ability} i nya uppgifter och förklara hur du gör.",
                    ),
                )
                for ability in self._rng.sample(_subject(subject_code, band_of(grade), _Voice.TO_PUPIL)["kan"], 4)
            ),
        )

    def _framed(self, name: str, grade: int = 4) -> str:
        band = band_of(grade)
        return compose(self._rng, for_band(bank("frames")[name], band), words(band))


def is_taught(code: str, grade: int, pupil_key: str) -> bool:
    """Whether one pupil is taught a subject in this school year; the same pupil keeps the same kind.

    Swedish or Swedish as a second language, never both; mother tongue for a few; modern languages from year 6; nobody
    sign language.
    """
    rng = Random(pupil_key)
    left_out = {_SWEDISH, _SWEDISH_AS_SECOND, _SIGN_LANGUAGE}
    left_out.remove(_SWEDISH_AS_SECOND if rng.randrange(_ONE_IN) == 0 else _SWEDISH)
    if rng.randrange(_ONE_IN):
        left_out.add(_MOTHER_TONGUE)
    if grade < _FIRST_GRADE_OF_MODERN_LANGUAGES:
        left_out.add(_MODERN_LANGUAGES)
    return code not in left_out


@cache
def _subject(code: str, band: Band, voice: _Voice) -> Mapping[str, Sequence[str]]:
    """What is taught in a subject; a subject or band that the bank does not know gets what fits any."""
    subjects = bank("subjects")
    found = subjects.get(code, {}).get(band) or subjects["ovrigt"][band]
    pronouns = _PRONOUNS[voice]
    return {name: tuple(text.format_map(pronouns) for text in texts) for name, texts in found.items()}


def _subject_words(code: str, name: str, grade: int, voice: _Voice) -> Words:
    band = band_of(grade)
    subject = _subject(code, band, voice)
    return {
        **words(band),
        "kan": subject["kan"],
        "stod": subject["stod"],
        "omrade": subject["omraden"],
        "amne": (name[0].lower() + name[1:],),
        "ar": (str(next(year for year in _YEARS_WITH_CRITERIA if year >= min(grade, _YEARS_WITH_CRITERIA[-1]))),),
    }
