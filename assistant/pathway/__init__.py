"""From the first call to the last session: patients, referrals, reminders, signposts. No pages and no Rasa in here."""
