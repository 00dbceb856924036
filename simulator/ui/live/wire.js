// The line to the server: it draws nothing, hands messages on, and passes the answers to panel and headline.
// A move is asked beside Streamlit, for each of its runs draws the page again; a thumb that rests runs the page.

export default function ({ data, parentElement, setTriggerValue }) {
  const { channel, url, seq, answer } = data;
  const wires = ((globalThis.liveWires ??= {})[channel] ??= {});
  const answered = (detail) => document.dispatchEvent(new CustomEvent("live-answer", { detail: { channel, ...detail } }));
  wires.rest = (message) => setTriggerValue("message", message);
  wires.move = async (message) => answered(await asked(url, message));
  wires.ask = (message) => asked(url, message);
  hide(parentElement);
  answered({ seq, answer });
  return () => {
    for (const wire of ["rest", "move", "ask"]) delete wires[wire];
  };
}

// without an answer where the server refuses: the thumb that rests brings the number then; lost where it does not hear
async function asked(url, message) {
  const none = { seq: message.seq, answer: null };
  try {
    const reply = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message),
    });
    return reply.ok ? await reply.json() : { ...none, lost: reply.status >= 500 };
  } catch {
    return { ...none, lost: true };
  }
}
