// How the page stands to the stream, for the eye and for the ear.

import { byId } from "./dom.js";
import { count, duration } from "./words.js";

const BEHIND_SECONDS_SHOWN = 5;

export function showConnection({ name, retrySeconds }) {
  if (name === "live") show("live", "Live");
  else show("disconnected", `Disconnected, trying again in ${duration(retrySeconds)}`);
}

/** How far the workers are behind what Kafka has, as the stream tells every few seconds. */
export function showPulse({ behind_seconds: seconds, lag_records: records }) {
  if (seconds === null) show("behind", "Behind: Kafka does not say how far");
  else if (seconds >= BEHIND_SECONDS_SHOWN) show("behind", `Behind by ${duration(seconds)} (${count(records)} records)`);
  else show("live", "Live");
}

/** Tells whoever listens to the page instead of seeing it. */
export function say(text) {
  byId("announcer").textContent = text;
}

/** Seen always; said only when the state is another one, since a count of seconds would talk without end. */
function show(state, text) {
  const shown = byId("connection");
  byId("connection-text").textContent = text;
  if (shown.dataset.state === state) return;
  shown.dataset.state = state;
  say(text);
}
