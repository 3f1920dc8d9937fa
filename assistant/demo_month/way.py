"""The way of the demo's people after the chat: calls kept, missed and moved, records, referrals in every state, sessions, endings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.demo_month.cast import Someone
from assistant.demo_month.stage import Stage
from assistant.demo_month.talk import Talk
from assistant.store.pathway_tables import patients, referral_steps, referrals, referrer_news
from assistant.store.tables import callbacks

STOPS = ["provider_no_contact", "provider_no_contact", "travel", "travel", "health", "not_for_me"]
REFUSED = ["The group is full until January.", "We do not cover that postcode.", "We need a carer to come too, and there is none."]
NEARLY = 2  # free sessions left when 'what next?' is asked (pathway/referral_timers.py)
REFERRERS = ["Dr Lena Marsh", "Dr Anil Suri", "Nurse Jo Petrie", "Dr Femi Cole"]


def call(stage: Stage, talk: Talk, status: str, after: datetime, days: float) -> datetime:
    """A call in the diary, with its reminder by text. Returns its time."""
    starts = stage.at_work(talk.who, after, days)
    if status in ("done", "missed") and starts > stage.now:
        status = "booked"  # nobody has rung yet
    talk.event("callback_requested", after)
    talk.event("callback_booked", after)
    stage.book.add(
        callbacks, id=stage.book.new_id(), conversation_id=talk.id, practice=talk.who.practice, navigator=stage.navigator_for(talk.who),
        starts_at=starts, purpose=f"A first talk about {talk.who.story.needs[0].replace('_', ' ')}"[:200], status=status,
        created_at=after, changed_at=starts if status != "booked" else None, kind="call", patient_id=talk.patient_id,
    )  # fmt: skip
    if starts - timedelta(hours=20) < stage.now:
        talk.text(f"A reminder of your call with {stage.navigator_for(talk.who).split()[0]} tomorrow. To change it, reply CHANGE.",
                  reply=False, at=min(starts, stage.now) - timedelta(hours=20))  # fmt: skip
    return starts


def record(stage: Stage, talk: Talk, at: datetime, **values: Any) -> str:
    """The patient's record, from which everything else hangs."""
    who, random = talk.who, stage.random
    talk.patient_id = stage.book.new_id()
    source = random.choices(["clinician", "self", "reception"], [6, 4, 1])[0]
    stage.book.add(
        patients, id=talk.patient_id, practice=who.practice, name=who.name, number=who.number, safe_to_ring=True, safe_to_text=True,
        safe_to_leave_message=random.random() < 0.7, navigator_id=stage.staff_id(stage.navigator_for(who)), source=source,
        referred_by={"clinician": random.choice(REFERRERS), "reception": "Reception"}.get(source), age_band=who.age_band, sex=who.sex, ethnicity=who.ethnicity,
        outcode=who.outcode, access=who.access, language=who.language, needs=who.story.needs, held=False, created_at=at, updated_at=at,
        **{"status": "open", **values},
    )  # fmt: skip
    return talk.patient_id


def referral(stage: Stage, talk: Talk, made: datetime, state: str, sessions: int = 0) -> datetime:
    """A referral in `state`: sent, silent, accepted, declined, attending, completed, disengaged or cancelled."""
    who, random, id_ = talk.who, stage.random, stage.book.new_id()
    service = stage.service_to_refer_to(who.story.needs[0])
    answered = made + timedelta(days=random.choice([0.3, 1, 1, 2, 2, 3, 4, 8]), hours=random.randint(0, 6))
    first = answered + timedelta(days=random.randint(3, 9))
    ended = {"completed": "completed", "disengaged": "disengaged", "cancelled": "cancelled"}.get(state)
    if state in ("sent", "silent") or answered > stage.now:
        answered_at, status = None, "sent"
    else:
        answered_at, status = answered, "closed" if ended else state
    if ended == "cancelled":
        answered_at, status = None, "closed"
    going = status in ("attending", "closed") and ended != "cancelled"
    days = [day for n in range(sessions if going else 0) if (day := first + timedelta(days=7 * n)) < stage.now]
    if status in ("accepted", "attending") and not days:
        status, first = "accepted", max(first, stage.now + timedelta(days=random.randint(1, 9)))
    closed = min(first + timedelta(days=7 * max(sessions, 1)), stage.now - timedelta(days=1)) if status == "closed" else None
    reason = random.choice(STOPS) if ended == "disengaged" else None
    stage.book.add(
        referrals, id=id_, patient_id=talk.patient_id, conversation_id=talk.id, practice=who.practice, listing_id=service.id,
        service=service.name, provider=service.provider, provider_contact=service.email, need=who.story.needs[0],
        note="Would like to come and see what it is like.", first_name=who.name.split()[0], reach_how="ring", reach_number=who.number, consent_at=made, consent_how=random.choice(["phone", "in_person", "chat"]),
        free_sessions=stage.house.programme.practice(who.practice).session_limit, made_by=stage.staff_id(stage.navigator_for(who)) or "demo",
        made_at=made, status=status, answer_by=made + timedelta(days=7), answered_at=answered_at,
        decline_reason=random.choice(REFUSED) if status == "declined" else None,
        first_session_at=first if going or status == "accepted" else None, who_meets=service.who_meets_you[:120] if service.who_meets_you and status != "sent" else None,
        sessions_attended=len(days), ended=ended, stop_reason=reason, closed_at=answered if status == "declined" else closed, link_version=1,
    )  # fmt: skip
    talk.event("referral_made", made, referral=id_, listing=service.id)
    step(stage, id_, made, "made")
    step(stage, id_, made, "sent")
    if made + timedelta(days=7) < (answered_at or stage.now) and ended != "cancelled":
        step(stage, id_, made + timedelta(days=7), "chased")
        step(stage, id_, made + timedelta(days=7), "silent", mark="silent")
        step(stage, id_, made + timedelta(days=7), "told_silence", mark="told_silence")
        talk.event("provider_silent", made + timedelta(days=7), referral=id_)
    if answered_at:
        kind = "declined" if status == "declined" else "accepted"
        step(stage, id_, answered, kind, by="provider")
        talk.event(f"provider_{kind}", answered, referral=id_)
        news(stage, talk, id_, answered, kind)
    for n, at in enumerate(days):
        step(stage, id_, at, "attended", by="patient", mark=f"session:{at:%Y-%m-%d}", day=f"{at:%Y-%m-%d}")
        talk.event("first_session_attended" if n == 0 else "session_attended", at, referral=id_)
    left = stage.house.programme.practice(who.practice).session_limit - len(days)
    if status == "attending" and left <= NEARLY:
        step(stage, id_, days[-1], "what_next", mark="what_next")
        talk.task("referral", f"{who.name.split()[0]} has {left} free sessions left at {service.name}. Ask what they would like next.", at=days[-1])
    if closed:
        step(stage, id_, closed, "closed")
        news(stage, talk, id_, closed, "closed")
        if ended in ("completed", "disengaged"):
            talk.event(ended, closed, referral=id_, reason=reason or "")
    return closed or answered


def step(stage: Stage, referral_id: str, at: datetime, kind: str, by: str | None = None, mark: str | None = None, **data: Any) -> None:
    """One line of a referral's story. With its `mark` the timers know it as done, and do not do all of a month at the first start."""
    stage.book.add(referral_steps, referral_id=referral_id, at=at, kind=kind, by=by, mark=mark, data=data)


def news(stage: Stage, talk: Talk, referral_id: str, at: datetime, turn: str) -> None:
    """What the referrer was told."""
    stage.book.add(
        referrer_news, patient_id=talk.patient_id, referral_id=referral_id, at=at, turn=turn,
        body=f"Your patient's referral was {turn}.", sent_at=at + timedelta(hours=1), why_not=None,
    )  # fmt: skip


def way_of(stage: Stage, who: Someone, place: int, script: Any) -> None:
    """What comes of one person: early ones in the list began long ago and have come far."""
    random = stage.random
    kind = random.choices(("chat", "declined", "list", "call ahead", "missed", "met", "referred"), (14, 17, 7, 5, 6, 7, 44))[0]
    long_ago = kind == "referred" and place % 5 < 3
    days = random.uniform(34, 84) if long_ago else random.uniform(0.1, 2) if kind == "call ahead" else random.uniform(0.5, 30)
    talk = Talk(stage, who, stage.days_ago(days))
    talk.tell_story(whole=kind not in ("chat", "declined") or random.random() < 0.5)
    if random.random() < 0.16:
        talk.odd(random.choice(script.odd))
    if random.random() < 0.13:
        talk.looked_in_vain(random.choice(script.unmet))
    if random.random() < 0.14 and not who.story.live:
        talk.flag(random.choice(script.flagged))
    first = stage.feelings() if random.random() < (0.85 if long_ago else 0.45) else None
    if kind == "declined":
        reason = random.choice(["no_need_felt", "no_need_felt", "not_now", "not_now", "not_now", "travel", "stigma_worry"])
        talk.no(reason, random.choice(["offer", "check_in", "suggestions"]))
    elif kind == "list":
        talk.event("signposted", listings=[s.id for s in talk.shown[:1]])
    elif kind != "chat":
        _with_the_team(stage, talk, kind, days, long_ago)
    if first:
        talk.feels("start", first, talk.began + timedelta(minutes=12))
    if talk.patient_id and random.random() < 0.2:
        talk.task(random.choice(["no_contact", "feedback", "message"]), random.choice(["Nobody has rung me back yet.", "The group was lovely, thank you.", "Can I bring my neighbour too?"]),
                  talk.at + timedelta(days=1.5))  # fmt: skip
    if long_ago and first and talk.patient_id and random.random() < 0.85:
        talk.feels("end", stage.feelings(first), stage.now - timedelta(days=random.uniform(1, 27)))
    talk.close()


def _with_the_team(stage: Stage, talk: Talk, kind: str, days: float, long_ago: bool) -> None:
    random, asked = stage.random, talk.at
    done = kind == "referred" and long_ago and random.random() < 0.6
    values: dict[str, Any] = {}
    state = random.choice(["sent", "silent", "accepted", "declined", "attending"]) if kind == "referred" else ""
    if long_ago:
        state = random.choices(["attending", "completed", "disengaged", "cancelled", "accepted"], [3, 5, 3, 1, 1])[0]
        if done and state in ("completed", "disengaged"):
            ended = stage.now - timedelta(days=random.uniform(2, 28))
            values = {"status": "closed", "ended": state, "closed_at": ended}
            if state == "disengaged":
                values["end_reason"] = "provider_no_contact"
    record(stage, talk, asked, **values)
    if kind == "call ahead":
        call(stage, talk, "booked", stage.now - timedelta(hours=1), random.choice([1, 2, 3, 4]))
        return
    if kind == "missed":
        after = call(stage, talk, random.choice(["missed", "moved", "cancelled"]), asked, 2)
        if random.random() < 0.5 and after + timedelta(days=4) < stage.now:
            call(stage, talk, "done", after, 2)
        return
    met = call(stage, talk, "done", asked, random.choice([1, 2, 2, 3, 5]))
    if met > stage.now:
        return
    if kind == "referred":
        sessions = random.randint(1, 3) if state == "disengaged" or not long_ago else random.randint(4, 10)
        referral(stage, talk, min(met + timedelta(hours=1), stage.now), state, sessions if state in ("attending", "completed", "disengaged") else 0)

