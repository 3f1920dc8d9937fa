"""Which gateway carries the texts of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.channels.sms import notify
from assistant.channels.sms.demo import DemoGateway, WithDemoPhone
from assistant.channels.sms.gateway import Gateway
from assistant.channels.sms.generic import GenericGateway
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.house import House

SHORTEST_TOKEN = 20


def gateway_for(house: House) -> Gateway | None:
    """The gateway the settings describe; None when none is set up, and texts wait in the outbox.

    In the demo the drawn phone's own number never leaves the house; without a gateway it takes every text.
    """
    real = real_gateway(house.settings)
    if house.settings.demo:
        demo = DemoGateway(house.engine)
        return WithDemoPhone(demo, real) if real else demo
    return real


def real_gateway(settings: Settings) -> Gateway | None:
    """The configured carrier, when everything it needs is set."""
    if missing_settings(settings):
        return None
    if settings.sms_provider == "twilio":
        from assistant.channels.sms.twilio import TwilioGateway

        return TwilioGateway(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            settings.twilio_from,
            settings.public_base_url,
        )
    if settings.sms_provider == "notify":
        return notify.NotifyGateway(settings.notify_api_key.get_secret_value(), settings.notify_template_id)
    return GenericGateway(settings.sms_generic_url, settings.sms_generic_secret.get_secret_value())


def missing_settings(settings: Settings) -> list[str]:
    """Names of the settings that sending texts still needs, for `linkway doctor`."""
    if settings.sms_provider == "twilio":
        wanted = {
            "LINKWAY_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
            "LINKWAY_TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
            "LINKWAY_TWILIO_FROM": settings.twilio_from,
        }
    elif settings.sms_provider == "notify":
        wanted = {
            "LINKWAY_NOTIFY_API_KEY": settings.notify_api_key.get_secret_value(),
            "LINKWAY_NOTIFY_TEMPLATE_ID": settings.notify_template_id,
            "LINKWAY_NOTIFY_CALLBACK_TOKEN": settings.notify_callback_token.get_secret_value(),
        }
    else:
        wanted = {
            "LINKWAY_SMS_GENERIC_URL": settings.sms_generic_url,
            "LINKWAY_SMS_GENERIC_SECRET": settings.sms_generic_secret.get_secret_value(),
        }
    return [name for name, value in wanted.items() if not value]


def faulty_settings(settings: Settings) -> list[str]:
    """What is set and cannot be right, each with its fix, for `linkway doctor`."""
    if settings.sms_provider != "notify":
        return []
    faults = []
    if (key := settings.notify_api_key.get_secret_value()) and not notify.key_is_whole(key):
        faults.append("LINKWAY_NOTIFY_API_KEY is not a whole key: copy all of it, name, service and secret.")
    if (token := settings.notify_callback_token.get_secret_value()) and len(token) < SHORTEST_TOKEN:
        faults.append(f"LINKWAY_NOTIFY_CALLBACK_TOKEN is short: use {SHORTEST_TOKEN} random characters or more.")
    return faults
