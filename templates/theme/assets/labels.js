/* How times are said to a reader. Says the same as generator/labels.py. */

import { locale, n, t } from "./words.js";

const WORKING_DAY = 480; // minutes

/** `45` → „45 min“, `90` → „1 h 30 min“, `960` → „2 Tage“ (working days), `0` → „keine“. */
export function duration(minutes) {
  if (!minutes) return t("keine");
  if (minutes >= 2 * WORKING_DAY && minutes % (WORKING_DAY / 2) === 0) {
    return t("{n} Tage", { n: (minutes / WORKING_DAY).toLocaleString(locale) });
  }
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours && t("{n} h", { n: hours }), rest && t("{n} min", { n: rest })].filter(Boolean).join(" ");
}

/** `[-42, 0]` → „6 Wochen vorher“, `[0, -60]` → „1 Stunde vorher“, `[0, 30]` → „nach 30 min“, `[2, 0]` → „2 Tage danach“. */
export function offset([days, minutes]) {
  if (days) {
    const count = Math.abs(days);
    const span = count % 7 ? n("{n} Tag", "{n} Tage", count) : n("{n} Woche", "{n} Wochen", count / 7);
    return days < 0 ? t("{span} vorher", { span }) : t("{span} danach", { span });
  }
  if (!minutes) return t("Beginn");
  const count = Math.abs(minutes);
  const span = count % 60 ? duration(count) : n("{n} Stunde", "{n} Stunden", count / 60);
  return minutes < 0 ? t("{span} vorher", { span }) : t("nach {span}", { span });
}
