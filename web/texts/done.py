"""What a page says when something was done: by the word that stands in the address after it."""

from collections.abc import Mapping

DONE: Mapping[str, str] = {
    "sparat": "Saved.",
    "granskas": "The mentor has been told, and looks at the text.",
    "granskat": "The text has been looked at, and everybody who reads the plan sees your answer.",
    "last-igenom": "You have confirmed that you have read the plan as it is now.",
    "overens": "You have agreed to the plan as it is now.",
    "last": "The plan is locked as agreed, and everybody has been told.",
    "publicerat": "Published. The pupil, the guardians and the mentor have been told.",
    "rattat": "Corrected. What stood there before is kept, and everybody concerned has been told.",
    "paminda": "Those at home who have something left to answer get a notice that reminds them.",
    "startad": "The new plan is started, and everybody has been told.",
    "foreslaget": "Your proposal is here, and everybody concerned has been told.",
    "aterkallat": "The proposal is taken back.",
    "godtaget": "The goal is accepted. It begins when the plan is locked.",
    "avbojt": "The proposal is declined.",
    "steg": "The goal has taken its step, and everybody concerned has been told.",
    "skrivet": "Your note is here, and everybody concerned has been told.",
    "planerad": "The list is made. Another officer must approve it before anything is destroyed.",
    "godkand": "The list is approved. It can be carried out now.",
    "borjad": "It has begun. Each thing on the list is looked at once more before it is destroyed.",
    "atertagen": "The plan is taken back. Nothing was destroyed by it.",
    "frist": "The decision is recorded, and holds from its day.",
    "frist-upphavd": "The decision is taken back: nothing more is due by it.",
    "stoppad": "The file is held: it is not destroyed until the hold is released.",
    "slappt": "The hold is released. The file is due on the day that its period says.",
    "bedomd": "What was decided is recorded.",
    "andrat-under-tiden": "The goal was changed while you read it, so nothing was decided. Read it once more.",
}
"""In English; catalogues have the other languages."""
