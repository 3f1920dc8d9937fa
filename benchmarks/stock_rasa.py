"""The peer of benchmarks/turn.py: the same examples in a stock Rasa project, as `rasa init` lays it out.

DIET, ResponseSelector and TED; answers as retrieval responses; the check-in's first steps as a form; the search
as a custom action on Rasa's own action server, with sentence-transformers and FAISS over the same listings; an SQL
tracker store. How fast it answers does not depend on how long DIET was trained, so `epochs` is small by default.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import yaml

from benchmarks.messages import ROOT, Told, training_messages
from benchmarks.processes import Started, free_port

STEPS = ("where", "when", "cost", "travel")
ACTIONS = '''
import csv, json, pathlib
import faiss, numpy as np
from rasa_sdk import Action
from rasa_sdk.forms import FormValidationAction
from sentence_transformers import SentenceTransformer
HERE = pathlib.Path(__file__).parent
MODEL = SentenceTransformer(json.loads((HERE / "weights.json").read_text()))
ROWS = list(csv.DictReader((HERE / "listings.csv").open(encoding="utf-8-sig")))
INDEX = faiss.IndexFlatIP(384)
INDEX.add(MODEL.encode([r["name"] + ". " + r["description"] for r in ROWS], normalize_embeddings=True))
class Search(Action):
    def name(self):
        return "action_search"
    async def run(self, dispatcher, tracker, domain):
        words = MODEL.encode([tracker.latest_message["text"]], normalize_embeddings=True)
        _, found = INDEX.search(words, 3)
        dispatcher.utter_message(text="\\n".join(ROWS[i]["name"] for i in found[0]))
        return []
class Validate(FormValidationAction):
    def name(self):
        return "validate_check_in_form"
'''


def write_project(folder: Path, messages: list[Told], epochs: int) -> None:
    """The project's files in `folder`."""
    labels: dict[str, list[str]] = {}
    for m in messages:
        labels.setdefault(f"faq/{m.label}" if m.intent == "faq" else m.intent, []).append(m.text.replace("\n", " "))
    plain = sorted({label.split("/")[0] for label in labels})
    nlu = [{"intent": label, "examples": "".join(f"- {t}\n" for t in texts)} for label, texts in sorted(labels.items())]
    responses = {f"utter_{label}": [{"text": f"An answer about {label}."}] for label in labels if label.startswith("faq/")}
    responses |= {f"utter_ask_{step}": [{"text": f"What about {step}?"}] for step in STEPS}
    responses |= {"utter_other": [{"text": "All right."}], "utter_done": [{"text": "Thank you."}]}
    slots = {s: {"type": "text", "influence_conversation": False, "mappings": [
        {"type": "from_text", "conditions": [{"active_loop": "check_in_form", "requested_slot": s}]}]} for s in STEPS}  # fmt: skip
    domain = {"version": "3.1", "intents": plain, "responses": responses, "slots": slots,
              "forms": {"check_in_form": {"required_slots": list(STEPS)}},
              "actions": ["utter_faq", "action_search", "validate_check_in_form"],
              "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True}}  # fmt: skip
    rules = [{"rule": "faq", "steps": [{"intent": "faq"}, {"action": "utter_faq"}]},
             {"rule": "search", "steps": [{"intent": "find_service"}, {"action": "action_search"}]},
             {"rule": "check in", "steps": [{"intent": "start_check_in"}, {"action": "check_in_form"},
                                            {"active_loop": "check_in_form"}]},
             {"rule": "done", "condition": [{"active_loop": "check_in_form"}],
              "steps": [{"action": "check_in_form"}, {"active_loop": None}, {"action": "utter_done"}]}]  # fmt: skip
    # Rasa has its own rule for `restart`.
    other = [i for i in plain if i not in ("faq", "find_service", "start_check_in", "restart")]
    rules += [{"rule": i, "steps": [{"intent": i}, {"action": "utter_other"}]} for i in other]
    stories = [{"story": f"path {i}", "steps": [{"intent": i}, {"action": "utter_other"}, {"intent": "faq"},
                                                {"action": "utter_faq"}]} for i in other[:8]]  # fmt: skip
    char = {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
    config = {"recipe": "default.v1", "assistant_id": "stock", "language": "en", "pipeline": [
        {"name": "WhitespaceTokenizer"}, {"name": "RegexFeaturizer"}, {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"}, char, {"name": "DIETClassifier", "epochs": epochs},
        {"name": "EntitySynonymMapper"}, {"name": "ResponseSelector", "epochs": epochs, "retrieval_intent": "faq"},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}],
        "policies": [{"name": "MemoizationPolicy"}, {"name": "RulePolicy"}, {"name": "UnexpecTEDIntentPolicy", "epochs": epochs},
                     {"name": "TEDPolicy", "max_history": 5, "epochs": epochs}]}  # fmt: skip
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "actions").mkdir(exist_ok=True)
    files = {"data/nlu.yml": {"version": "3.1", "nlu": nlu}, "data/rules.yml": {"version": "3.1", "rules": rules},
             "data/stories.yml": {"version": "3.1", "stories": stories}, "domain.yml": domain, "config.yml": config,
             "credentials.yml": {"rest": None}}  # fmt: skip
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (folder / "actions" / "__init__.py").write_text("")
    (folder / "actions" / "actions.py").write_text(ACTIONS)
    with (ROOT / "programme" / "demo" / "listings.csv").open(encoding="utf-8-sig") as rows:
        kept = [{"name": r["name"], "description": r["description"]} for r in csv.DictReader(rows)]
    with (folder / "actions" / "listings.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["name", "description"])
        writer.writeheader()
        writer.writerows(kept)
    from directory.encoder.weights import model_files

    (folder / "actions" / "weights.json").write_text(json.dumps(str(model_files().weights.parent)))


def prepare(folder: Path, epochs: int) -> Path:
    """The trained project, made once; returns its model. Raises RuntimeError when Rasa cannot train it."""
    model = folder / "models" / "stock.tar.gz"
    if model.is_file():
        return model
    write_project(folder, training_messages(), epochs)
    command = [rasa(), "train", "--fixed-model-name", "stock", "--skip-validation"]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    if not model.is_file():
        raise RuntimeError(f"stock Rasa did not train: {done.stdout[-800:]} {done.stderr[-800:]}")
    return model


def rasa() -> str:
    """Rasa's own command, of the full installation this runs in."""
    return str(Path(sys.executable).with_name("rasa"))


def environment() -> dict[str, str]:
    """One thread, as Linkway has it."""
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    threads = {"OMP_NUM_THREADS": "1", "TF_INTRA_OP_PARALLELISM_THREADS": "1", "TF_INTER_OP_PARALLELISM_THREADS": "1"}
    return {**os.environ, **quiet, **threads}


def start(folder: Path, model: Path) -> tuple[Started, str, float]:
    """`rasa run` and `rasa run actions`: the processes, the address, and the seconds until both answered."""
    port, action_port = free_port(), free_port()
    endpoints = {"action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"},
                 "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(folder / f"tracker-{port}.db")}}  # fmt: skip
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints))
    began = time.monotonic()
    commands = [[rasa(), "run", "actions", "--port", str(action_port)],
                [rasa(), "run", "--model", str(model), "--port", str(port), "-i", "127.0.0.1"]]  # fmt: skip
    started = Started([subprocess.Popen(c, cwd=folder, env=environment(), stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL) for c in commands])  # fmt: skip
    started.wait_for(f"http://127.0.0.1:{action_port}/health", 600)
    started.wait_for(f"http://127.0.0.1:{port}/", 600)
    return started, f"http://127.0.0.1:{port}", time.monotonic() - began


class StockConversation:
    """A conversation over Rasa's REST channel."""

    def __init__(self, client: httpx.AsyncClient, base: str, name: str) -> None:
        """`name` is the sender."""
        self._client, self._base, self._name = client, base, name

    async def begin(self) -> None:
        """Rasa needs no beginning."""

    async def say(self, text: str) -> int:
        """Send, wait for the answer; how many messages came."""
        url = f"{self._base}/webhooks/rest/webhook"
        answer = await self._client.post(url, json={"sender": self._name, "message": text})
        answer.raise_for_status()
        return len(answer.json())
