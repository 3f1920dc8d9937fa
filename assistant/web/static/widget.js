// The loader a practice's website embeds with one script tag:
//   <script src="https://ADDRESS/widget.js" data-practice="SLUG" async></script>
// Draws a button and a panel in a shadow root; the chat itself runs in a frame from the script's own origin.
(() => {
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const practice = script.dataset.practice ?? "";
  const exitUrl = script.dataset.exit || "https://www.bbc.co.uk/weather";
  const label = script.dataset.label || "Chat with us";
  const address = (path) => `${origin}${path}?practice=${encodeURIComponent(practice)}`;
  const KEY = "linkway.resume";
  const KEPT_MS = 30 * 60 * 1000;
  const LOAD_MS = 10000;
  const ANSWER_MS = 3000; // once its page is there, the chat answers at once or never

  const STYLE = `
    :host { all: initial; font: 16px/1.5 Arial, sans-serif; color: #1c2b2d; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button, .exit { font: bold 16px/1.25 Arial, sans-serif; border: 2px solid transparent; border-radius: 8px;
      min-height: 44px; padding: 8px 16px; cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; }
    button:focus-visible, .exit:focus-visible, a:focus-visible { outline: 3px solid #1c2b2d; outline-offset: 2px; box-shadow: 0 0 0 6px #ffd35c; }
    .launcher { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; gap: 10px; padding: 12px 20px;
      background: #14595c; color: #fff; border-radius: 28px; min-height: 56px; box-shadow: 0 4px 16px rgb(28 43 45 / .3); }
    .launcher:hover { background: #0d4143; }
    .launcher svg { width: 24px; height: 24px; flex: none; }
    .panel { position: fixed; right: 16px; bottom: 16px; z-index: 2147483001; width: 440px; max-width: calc(100vw - 32px);
      height: min(800px, calc(100vh - 32px)); display: flex; flex-direction: column; background: #fff;
      border: 1px solid #6b7f80; border-radius: 12px; overflow: hidden; box-shadow: 0 8px 40px rgb(28 43 45 / .35); }
    .bar { display: flex; justify-content: space-between; gap: 8px; padding: 6px; background: #fff; flex: none; }
    .exit { background: #b3261e; color: #fff; }
    .exit:hover { background: #8c1d17; }
    .close { background: #fff; color: #14595c; border-color: #14595c; }
    .close:hover { background: #e4f0ee; }
    .frame { border: 0; width: 100%; flex: 1 1 0; min-height: 0; background: #fff; }
    .frame.silent { visibility: hidden; }
    .note { margin: 0; padding: 16px; }
    .note a { color: #14595c; }
    @media (max-width: 640px), (max-height: 480px) {
      .panel { inset: 0; width: 100%; max-width: none; height: 100%; border: 0; border-radius: 0; }
    }
    @media (forced-colors: active) { .launcher, .panel, .exit { border: 2px solid ButtonText; } }
    @media print { .launcher, .panel { display: none; } }
  `;

  function make(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function bubble() {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("fill", "currentColor");
    path.setAttribute("d", "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-8l-6 5v-5H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z");
    picture.append(path);
    return picture;
  }

  // What the tab keeps: an opaque key, for half an hour after the last message. Scripts of the host can read it.
  const store = {
    read() {
      try {
        const { key, until } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
        return until > Date.now() ? key : "";
      } catch {
        return "";
      }
    },
    keep(key) {
      try {
        sessionStorage.setItem(KEY, JSON.stringify({ key, until: Date.now() + KEPT_MS }));
      } catch {
        return; // storage is barred: the chat lasts as long as the page
      }
    },
    drop() {
      try {
        sessionStorage.removeItem(KEY);
      } catch {
        return;
      }
    },
  };

  const root = make("div", { id: "linkway" });
  const shadow = root.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];

  const words = make("span", {}, store.read() ? "Carry on your chat" : label);
  const launcher = make("button", { class: "launcher", type: "button", "aria-expanded": "false" }, bubble(), words);
  const exit = make("a", { class: "exit", href: exitUrl, rel: "noreferrer" }, "Exit this page");
  const close = make("button", { class: "close", type: "button" }, "Close chat");
  const note = make("p", { class: "note", hidden: "", role: "status" });
  const panel = make("section", { class: "panel", "aria-label": "Chat", hidden: "" },
    make("div", { class: "bar" }, exit, close), note);
  shadow.append(launcher, panel);

  let frame = null;
  let ready = false;
  let unread = 0;

  const post = (said, more = {}) => frame?.contentWindow?.postMessage({ linkway: said, ...more }, origin);

  function load() {
    frame = make("iframe", { class: "frame silent", title: "Chat with the GP surgery", src: address("/chat"), referrerpolicy: "origin" });
    frame.addEventListener("load", () => {
      post("hello", { key: store.read() });
      setTimeout(missing, ANSWER_MS);
    });
    panel.append(frame);
    setTimeout(missing, LOAD_MS);
  }

  /** The chat does not answer: a way on for the visitor, and for whoever put the line in the page what to look at. */
  function missing() {
    if (ready || !note.hidden) return;
    const plain = make("a", { href: address("/chat/plain") }, "Try the plain page");
    note.replaceChildren("The chat is not loading. ", plain, ", or phone the surgery.");
    note.hidden = false;
    console.error(
      `Linkway: the chat did not open on ${location.origin}. In programme/programme.yml, look for a practice with the slug `
      + `"${practice}" (data-practice of the script) whose website is ${location.origin}. Is ${origin} running?`,
    );
  }

  function open() {
    panel.hidden = false;
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    unread = 0;
    if (!frame) load();
    if (ready) {
      frame.focus();
      post("opened");
    } else {
      close.focus();
    }
  }

  function shut(focus = true) {
    if (panel.hidden) return;
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    words.textContent = store.read() ? "Carry on your chat" : label;
    if (focus) launcher.focus();
  }

  function leave() {
    document.title = "Page";
    document.documentElement.replaceChildren(make("head"), make("body"));
    try {
      sessionStorage.clear();
    } catch {
      store.drop();
    }
    location.replace(exitUrl);
  }

  const acts = {
    ready() {
      ready = true;
      note.hidden = true;
      frame.classList.remove("silent");
      if (panel.hidden) return;
      if (shadow.activeElement === close) frame.focus();
      post("opened");
    },
    resume: ({ key }) => store.keep(String(key)),
    forget: () => store.drop(),
    close: () => shut(),
    exit: leave,
    said({ count }) {
      if (!panel.hidden) return;
      unread += Number(count) || 0;
      words.textContent = `${unread} new ${unread === 1 ? "message" : "messages"}`;
    },
  };

  window.addEventListener("message", (event) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    const said = event.data?.linkway;
    if (Object.hasOwn(acts, String(said))) acts[said](event.data);
  });
  launcher.addEventListener("click", open);
  close.addEventListener("click", () => shut());
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-linkway-open]")) return;
    event.preventDefault();
    open();
  });

  // Shift three times leaves too, while the chat is open and the focus is outside its frame (inside, exit.js does it).
  let shifts = 0;
  let alone = false;
  let timer = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift") {
      alone = alone || !event.repeat;
    } else {
      alone = false;
      shifts = 0;
    }
  }, true);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone || !frame) return;
    alone = false;
    shifts += 1;
    clearTimeout(timer);
    timer = setTimeout(() => { shifts = 0; }, 5000);
    if (shifts === 3) leave();
  }, true);

  // Nobody may lose sight of the focus behind the panel or the button: the panel folds, the page moves up.
  document.addEventListener("focusin", (event) => {
    if (event.target === root) return;
    const cover = (panel.hidden ? launcher : panel).getBoundingClientRect();
    const box = event.target.getBoundingClientRect();
    const hidden = box.left >= cover.left && box.right <= cover.right && box.top >= cover.top && box.bottom <= cover.bottom;
    if (!hidden) return;
    if (panel.hidden) window.scrollBy(0, box.bottom - cover.top + 16);
    else shut(false);
  });

  const place = () => document.body.append(root);
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
