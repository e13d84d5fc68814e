// Measures when the page shows its first picture after navigation.
// Every round has a browser of its own, with nothing cached.

import { servePlayground, startBrowser } from "./browser.mjs";
import { Playground } from "./playground.mjs";

const rounds = 10;

async function firstPicture(url) {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await Playground.open(page, url);
    return await page.evaluate(() => performance.getEntriesByName("first-picture")[0].startTime);
  } finally {
    await browser.close();
  }
}

const server = await servePlayground();
const times = [];
for (let i = 0; i < rounds; i++) times.push(await firstPicture(server.url));
server.stop();
times.sort((a, b) => a - b);
const ms = (t) => `${Math.round(t)} ms`;
console.log(
  `first picture: median ${ms(times[rounds / 2])} (${ms(times[0])} to ${ms(times[rounds - 1])}), ${rounds} rounds`,
);
