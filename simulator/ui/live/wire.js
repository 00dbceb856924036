// The line to the server: it draws nothing, hands messages on, and passes the answers to panel and headline.

export default function ({ data, parentElement, setTriggerValue }) {
  const { channel, phase, seq, answer } = data;
  const wires = ((globalThis.liveWires ??= {})[channel] ??= {});
  wires[phase] = (message) => setTriggerValue("message", message);
  hide(parentElement);
  document.dispatchEvent(new CustomEvent("live-answer", { detail: { channel, seq, answer } }));
  return () => delete wires[phase];
}
