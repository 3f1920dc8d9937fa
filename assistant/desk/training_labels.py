"""What a message may be an example of, as training labels with plain words for them: topics, needs, reasons, wishes."""

from __future__ import annotations

from assistant.programme import Programme
from directory.needs import load_needs

GROUPS = ("Questions", "A need told", "Looking for something", "What people want", "Saying no", "Leaving", "Small talk")
WANTS = {
    "talk_to_human": "Wants to talk to a person",
    "start_check_in": "Wants to be asked questions",
    "find_service": "Looks for something to do, need not said",
    "book_callback": "Gives or asks for a time for a call",
    "manage_appointment": "Changes, cancels or checks an appointment",
    "report_no_contact": "Nobody has got back to them",
    "give_feedback": "Praise, complaint or comment",
    "ask_service_detail": "Asks about a service just shown",
    "more_results": "Wants other suggestions",
    "reject_results": "None of the suggestions suit",
    "choose_service": "Picks one of the services shown",
    "stop_messages": "Wants no more messages",
    "start_messages": "Wants messages again",
    "clinical_question": "Symptoms, medicines, test results, seeing the GP",
    "surgery_admin": "Other business of the surgery or the NHS",
    "professional_enquiry": "Asks as a provider, student or clinician",
    "out_of_scope": "None of our business",
}
SMALL = {
    "greet": "Hello", "goodbye": "Goodbye", "thank": "Thanks", "affirm": "Yes", "deny": "No, to a question",
    "skip": "Does not know, or would rather not say", "go_back": "Wants to change an answer", "restart": "Wants to start again",
    "repeat": "Wants it said again or more simply", "chitchat": "Small talk", "answer": "A bare answer to a question",
}  # fmt: skip
NO = {
    "no_need_felt": "does not need it", "already_supported": "has support already", "wants_medical_help": "wants medical help",
    "stigma_worry": "worries what others think", "free_sessions_too_short": "too few free sessions",
    "cost_afterwards": "cost afterwards", "too_busy": "too busy", "health_prevents": "health", "travel": "getting there",
    "childcare_or_caring": "children or caring", "language": "language", "online_or_phone_barrier": "phone or internet",
    "bad_past_experience": "a bad experience", "privacy_worry": "privacy", "not_now": "not now", "other": "another reason",
    "prefer_not_to_say": "would rather not say",
}  # fmt: skip
LEAVES = {
    "provider_no_contact": "nobody got in touch", "provider_full": "no places", "not_for_me": "not for them",
    "unwelcoming": "did not feel welcome", "no_one_to_go_with": "nobody to go with", "travel": "getting there", "cost": "cost",
    "time_of_day": "the time of day", "health": "health", "family_or_caring": "family or caring", "got_better": "feels better",
    "moved": "has moved", "other": "another reason", "prefer_not_to_say": "would rather not say",
}  # fmt: skip


def labels(programme: Programme) -> dict[str, dict[str, str]]:
    """Group -> label -> words. A told need always names which: a line without one would teach that there is none."""
    needs = sorted(load_needs(), key=lambda need: need.label)
    return {
        "Questions": {f"faq/{topic}": answer.question for topic, answer in programme.answers.items()},
        "A need told": {f"describe_need/{need.id}": f"A need: {need.label}" for need in needs},
        "Looking for something": {f"find_service/{need.id}": f"Looks for: {need.label}" for need in needs},
        "What people want": WANTS,
        "Saying no": {
            "decline_programme": "Says no, reason not told",
            **{f"decline_programme/{reason}": f"Says no: {words}" for reason, words in NO.items()},
        },
        "Leaving": {
            "stop_taking_part": "Wants to leave, reason not told",
            **{f"stop_taking_part/{reason}": f"Wants to leave: {words}" for reason, words in LEAVES.items()},
        },
        "Small talk": SMALL,
    }


def words_of_labels(programme: Programme) -> dict[str, str]:
    """Label -> words, of all groups."""
    return {label: words for group in labels(programme).values() for label, words in group.items()}


def with_need(label: str, needs: list[str]) -> str:
    """The model's label with the need it read beside it: 'describe_need' and ['money'] are 'describe_need/money'."""
    return f"{label}/{needs[0]}" if label in ("describe_need", "find_service") and needs else label
