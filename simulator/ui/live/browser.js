// What the browser keeps: the fragment of the address, which no server logs, and drafts. It draws nothing.

const DRAFTS = "trade-target drafts";
const MOST = 30; // drafts that are kept, the oldest going first
const SOON = 250; // milliseconds after which the address is put right again: a change of the query drops the fragment

export default function ({ data, parentElement, setTriggerValue }) {
  hide(parentElement);
  if (!data.heard) { // once a session: a new one, after the server was started again, knows nothing
    setTriggerValue("arrived", { fragment: window.location.hash.slice(1), drafts: Object.values(drafts()) });
    return;
  }
  fragment = data.fragment;
  address();
  setTimeout(address, SOON);
  keep(data.drafts, data.gone);
  if (data.top && shown && data.top !== shown) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  shown = data.top;
}

let shown = ""; // the part of the page that was shown last

let fragment = ""; // what the address is to hold by now

function address() {
  const { pathname, search, hash } = window.location;
  if (hash.slice(1) !== fragment) {
    window.history.replaceState(window.history.state, "", pathname + search + (fragment ? `#${fragment}` : ""));
  }
}

function drafts() {
  try {
    return JSON.parse(window.localStorage.getItem(DRAFTS)) ?? {};
  } catch {
    return {}; // a browser that keeps nothing, or something else under the same name
  }
}

function keep(fresh, gone) {
  const kept = drafts();
  for (const name of gone) delete kept[name];
  for (const draft of fresh) kept[draft.name] = draft;
  const latest = Object.entries(kept).sort(([, a], [, b]) => (a.when < b.when ? 1 : -1)).slice(0, MOST);
  try {
    window.localStorage.setItem(DRAFTS, JSON.stringify(Object.fromEntries(latest)));
  } catch {
    // a browser that keeps nothing: the address still holds the screen
  }
}
