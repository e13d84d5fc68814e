import { signal } from "@preact/signals";

/** Something said once, until it is put away; "" for nothing. */
export const notice = signal("");

export function say(text: string): void {
  notice.value = text;
}
