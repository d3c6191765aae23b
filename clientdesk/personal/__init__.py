"""Personal data of one person: everything held about them (the dossier), and its erasure (XD1).

What is held lies on every floor: settings.PERSONAL_PARTS names a module for each app, which may define three functions, called in the
order of the settings:

    reach(subject)            adds the records that are this person, and how the person is named, to `subject`
    held(subject) -> list     what the app holds about the person, as `Held` tables for the dossier
    erase(erasure)            takes the personal data out of the app's records; the caller holds the transaction
    refusal(subject) -> str   why the person cannot be erased now, or an empty text
"""
