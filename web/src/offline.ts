import { isSingleFile } from "./engine/load";
import { ownScript } from "./engine/trusted";

/** Installs the service worker, once the page stands: its downloads must not delay the first picture. */
export function installOffline(): void {
  if (!import.meta.env.PROD || isSingleFile() || !("serviceWorker" in navigator)) return;
  const install = () =>
    navigator.serviceWorker.register(ownScript("sw.js"), { updateViaCache: "none" }).catch(() => {}); // a browser may forbid it; then the page needs its server
  if (document.readyState === "complete") void install();
  else addEventListener("load", () => void install(), { once: true });
}
