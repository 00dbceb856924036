// What the browser keeps: the fragment of the address, which no server logs, and drafts. It draws nothing.

const DRAFTS = "trade-target drafts";
const MOST = 30; // drafts that are kept, the oldest going first
const DAY = 86_400_000; // milliseconds by which clocks may differ
const SOON = 250; // milliseconds after which the address is put right again: a change of the query drops the fragment

export default function ({ data, parentElement, setTriggerValue }) {
  hide(parentElement);
  if (!data.heard) { // once a session: a new one, after the server was started again, knows nothing
    setTriggerValue("arrived", { fragment: window.location.hash.slice(1), drafts: Object.values(drafts()) });
    return;
  }
  fragment = data.fragment;
  mark = data.mark;
  address();
  setTimeout(address, SOON);
  keep(data.drafts, data.gone);
  if (data.top && shown && data.top !== shown) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  shown = data.top;
}

let shown = ""; // the part of the page that was shown last

let fragment = ""; // what the address is to hold by now

let mark = ""; // what a fragment that holds a screen begins with

// an address that the page has put right bears a sign in the browser's history: one without was typed or pasted
function address() {
  const { pathname, search, hash } = window.location;
  const { state } = window.history;
  if (hash.slice(1) !== fragment || !state?.held) {
    window.history.replaceState({ ...state, held: true }, "", pathname + search + (fragment ? `#${fragment}` : ""));
  }
}

// another link in the address of a page that is open loads nothing by itself: it is opened as in a new tab
window.addEventListener("hashchange", () => {
  const typed = window.location.hash.slice(1);
  if (mark && typed.startsWith(mark) && typed !== fragment && !window.history.state?.held) window.location.reload();
});

function drafts() {
  try {
    const kept = Object.entries(JSON.parse(window.localStorage.getItem(DRAFTS)));
    return Object.fromEntries(kept.filter(([, draft]) => typeof draft?.name === "string"));
  } catch {
    return {}; // a browser that keeps nothing, or something else under the same name
  }
}

// whether another tab has kept it later; what is kept in the future was kept by a clock that is wrong
const later = (kept, when) => kept?.when > when && Date.parse(kept.when) < Date.now() + DAY;

function keep(fresh, gone) {
  const kept = drafts();
  for (const [name, when] of Object.entries(gone)) if (!later(kept[name], when)) delete kept[name];
  for (const draft of fresh) if (!later(kept[draft.name], draft.when)) kept[draft.name] = draft;
  const latest = Object.entries(kept).sort(([, a], [, b]) => (a.when < b.when ? 1 : -1)).slice(0, MOST);
  for (; latest.length || !Object.keys(kept).length; latest.pop()) {
    try {
      window.localStorage.setItem(DRAFTS, JSON.stringify(Object.fromEntries(latest)));
      return;
    } catch {
      // no room: the oldest goes; a browser that keeps nothing: the address still holds the screen
      if (!latest.length) return;
    }
  }
}
