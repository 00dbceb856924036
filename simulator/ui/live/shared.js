// What several of the components use; it stands before each of them.

const formats = {};

function written(scale, value) {
  if (scale.month) {
    const month = Math.floor(value);
    return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
  }
  const options = { minimumFractionDigits: scale.decimals, maximumFractionDigits: scale.decimals };
  const format = (formats[scale.decimals] ??= new Intl.NumberFormat("en-US", options));
  const sign = value < 0 && Number(value.toFixed(scale.decimals)) ? "-" : "";
  return `${sign}${scale.before}${format.format(Math.abs(value))}${scale.after}`;
}

const within = (value, low, high) => Math.min(Math.max(value, low), high);

function snapped({ low, high, step }, value, original) {
  if (Math.abs(value - original) < step / 2) return original;
  return within(Number((Math.round(value / step) * step).toFixed(10)), low, high);
}

// a component that draws nothing takes no room either
function hide(parentElement) {
  const place = parentElement.host?.closest('[data-testid="stElementContainer"]');
  if (place) place.style.display = "none";
}

