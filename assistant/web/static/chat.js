// The chat page: begins or resumes a conversation and joins log, composer, outbox, delivery and the host page.
import { ConversationApi } from "./api.js";
import { Composer } from "./composer.js";
import { Delivery } from "./delivery.js";
import { element } from "./dom.js";
import { leave, onTripleShift } from "./exit.js";
import { Host } from "./frame.js";
import { MessageLog, isAbout } from "./log.js";
import { Options } from "./options.js";
import { Outbox } from "./outbox.js";
import { StateLine } from "./state_line.js";
import { View } from "./view.js";

const practice = document.body.dataset.practice;
const LEAVE = "safety:leave_page"; // the one choice that is not said: it leaves as the red button does
const $ = (id) => document.getElementById(id);

const api = new ConversationApi();
const host = new Host({ opened: () => opened() });
const line = new StateLine({ state: $("chat-state"), status: $("status"), unwatched: $("unwatched") });
const view = new View($("scroll"), $("newer"));
const log = new MessageLog($("log"), {
  say: (body, label) => say(body, label),
  print: (ids) => options.print(ids),
  retry: (id) => outbox.retry(id),
  edit: (id, text) => {
    outbox.arrived(id);
    composer.restore(text);
  },
});
log.arrived = (id) => outbox.arrived(id);
const outbox = new Outbox(api, {
  said: (id, label) => {
    log.expect(id, label);
    offer();
    view.toEnd();
  },
  sent: (id, answer) => {
    log.accepted(id, answer.messages ?? []);
    show(answer);
  },
  failed: (id, problem) => {
    log.failed(id, problem);
    line.say("A message was not sent.");
    view.toEnd();
  },
  busy: (flag) => line.writing(flag),
  gone: () => end("This chat has ended."),
});
const delivery = new Delivery(api, {
  messages: (messages) => show({ messages }),
  state: (answer) => show(answer),
  typing: (data) => line.typing(data),
  online: (flag) => {
    line.online(flag);
    if (flag) outbox.retryAll();
  },
  gone: () => end("This chat has ended."),
});
const composer = new Composer($("composer"), $("counter"), (text) => say({ text }, text), () => {
  if (line.current === "live") api.typing(); // only a person wants to know, and only that
});
const options = new Options($("options-button"), $("options"), {
  api, practice,
  say: (text) => say({ text }, text),
  status: (text) => line.say(text),
  deleted: (text) => end(text),
});

function say(body, label) {
  if (body.choice === LEAVE) {
    exit();
    return;
  }
  outbox.say(body, label);
  composer.focus();
}

/** Takes an answer of the server: messages to add, a state to show. */
function show({ messages = [], state, ...more }) {
  const fresh = log.add(messages);
  offer(); // before the view moves: what is below the newest message decides how far it can
  const named = messages.filter((message) => message.from === "navigator" && message.navigator).pop();
  if (state || (named && line.current === "live")) {
    line.show(state ?? "live", { ...(named && { navigator: named.navigator }), ...more });
  }
  if (fresh.length) {
    line.typing(false);
    view.arrived(fresh);
    const others = fresh.filter((made) => !made.classList.contains("from-patient")).length;
    if (others) host.post("said", { count: others });
    host.remember(api.key);
  }
}

/** The answers to choose from, under the newest message. Those about one service stand on its card instead. */
function offer() {
  const message = log.offered;
  const about = (choice) => (message.services ?? []).some((service) => isAbout(choice, service));
  const choices = (message?.choices ?? []).filter((choice) => !about(choice));
  $("choices").hidden = !choices.length;
  $("choices").replaceChildren(...choices.map((choice) => element("button", {
    type: "button", class: "choice", text: choice.label,
    on: { click: () => say({ choice: choice.value }, choice.label) },
  })));
}

/** With an end, there is a way to begin again and nothing to write in. A chat a navigator closed is not at its end. */
function ended(text) {
  composer.show(!text);
  $("ended").hidden = !text;
  $("ended-text").textContent = text;
}

/** The conversation cannot go on: it was deleted, or its key is no longer good. */
function end(text) {
  delivery.stop();
  outbox.clear();
  log.clear();
  api.forget();
  host.forget();
  line.show("closed", {});
  ended(text);
  offer();
  line.say(text);
  $("again").focus();
}

async function begin(key) {
  ended("");
  try {
    const answer = (key && api.resume(key) && await resumed()) || await api.create(practice);
    if (answer.id) show(answer);
    else view.quietly($("log"), () => show(answer));
    host.remember(api.key);
    delivery.start(Math.max(0, ...(answer.messages ?? []).map((message) => message.seq)));
  } catch (problem) {
    api.forget();
    line.say("");
    ended(problem.retryAfter > 10
      ? problem.detail : "The chat could not start. Check your connection and try again, or phone the surgery.");
  }
}

/** The conversation so far; null when its key is no longer good, so that a new one is begun. */
async function resumed() {
  try {
    return await api.since(0);
  } catch (problem) {
    if (!problem.gone) throw problem;
    api.forget();
    return null;
  }
}

function opened() {
  if ($("ended").hidden) composer.focus();
  else $("again").focus();
}

$("again").addEventListener("click", async () => {
  delivery.stop();
  outbox.clear();
  log.clear();
  api.forget();
  await begin("");
  composer.focus();
});

/** The key that came with a link of a text. The link is used up: its address must not be loaded again. */
function fromLink() {
  const key = document.body.dataset.resume;
  if (key) {
    delete document.body.dataset.resume;
    history.replaceState(null, "", `/chat?practice=${encodeURIComponent(practice)}`);
  }
  return key;
}

const exit = () => leave(document.body.dataset.exit, () => {
  delivery.stop();
  api.forget();
  host.post("exit");
});
for (const link of document.querySelectorAll("[data-exit-now]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    exit();
  });
}
onTripleShift(exit, (text) => line.say(text));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (options.close()) return;
  host.post("close");
});

document.body.classList.toggle("embedded", host.embedded);
begin(fromLink() || await host.greeted());
