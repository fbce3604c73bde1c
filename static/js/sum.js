// Live totals inside [data-sum]: a [data-row] multiplies its inputs marked data-sum-factor into
// [data-sum-line]; the lines add up in [data-sum-total]. Text only: the server counts again.
// Exact: BigInt, each line rounded half up to 分, as core.money.multiply does.
const NUMBER = /^(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/;

function parse(text) {
  const plain = text.trim();
  if (!NUMBER.test(plain)) return null;
  const [whole, part = ""] = plain.replaceAll(",", "").split(".");
  return { value: BigInt(whole + part), places: part.length };
}

function line(row) {
  const factors = [...row.querySelectorAll("[data-sum-factor]")].map((input) => parse(input.value));
  if (!factors.length || factors.includes(null)) return null;
  const value = factors.reduce((product, factor) => product * factor.value, 1n);
  const places = factors.reduce((sum, factor) => sum + factor.places, 0);
  if (places <= 2) return value * 10n ** BigInt(2 - places);
  const unit = 10n ** BigInt(places - 2);
  return (value + unit / 2n) / unit;
}

function show(fen) {
  if (fen === null) return "—";
  const digits = fen.toString().padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${digits.slice(-2)}`;
}

function count(block) {
  let total = 0n;
  block.querySelectorAll("[data-row]:not([hidden])").forEach((row) => {
    const fen = line(row);
    const place = row.querySelector("[data-sum-line]");
    if (place) place.textContent = show(fen);
    total += fen ?? 0n;
  });
  block.querySelectorAll("[data-sum-total]").forEach((place) => {
    place.textContent = show(total);
  });
}

document.querySelectorAll("[data-sum]").forEach((block) => {
  ["input", "rows:change"].forEach((kind) => block.addEventListener(kind, () => count(block)));
  count(block);
});
