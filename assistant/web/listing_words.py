"""What a patient or a provider reads on the page of a service: the form 'not right', and 'is this still right?'."""

from __future__ import annotations

NOT_HERE = "We do not list this service just now. It may be full, closed, or being checked."
THANKS = "Thank you. A person in our team will look at it."
THANKS_AGAIN = "Thank you. We have this already, and a person will look at it."
SAY_WHAT = "Please write what is wrong, in a few words."
TOO_LONG = "Please keep it to 2,000 characters."
CONTACT_LONG = "Please keep this to 200 characters."
MANY = "Thank you. That was a lot at once. Please try again in an hour, or phone us."
LINK_OVER = "This link has run out, or was copied in part. Please ask us for a new one."
STILL_RIGHT = "Thank you. We have noted that all is still right."
CORRECTED = "Thank you. A person in our team will read it and change what we tell patients."
NOTHING_NEW = "You changed nothing. If all is still right, press the first button."
LABELS = {
    "name": "Name", "description": "What happens there", "address": "Address", "postcode": "Postcode", "schedule": "When",
    "cost": "What it costs", "who_meets_you": "Who meets people the first time", "how_to_join": "How to join", "phone": "Phone",
    "email": "Email", "url": "Website", "capacity": "Places: open, limited, full, or a number",
}  # fmt: skip
