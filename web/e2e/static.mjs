// A plain static server, as the world has many: it knows nothing of the page.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** Serves a folder under a path; resolves to the address and a function that ends it. */
export function serveStatic(folder, path = "/") {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const name = pathname.startsWith(path) ? normalize(pathname.slice(path.length)) : "..";
    try {
      if (name.startsWith("..")) throw new Error("not in the folder");
      const file = join(folder, name === "." || name === "" ? "index.html" : name);
      const body = await readFile(file);
      response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
      response.end(body);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const stop = () => {
        server.closeAllConnections();
        server.close();
      };
      resolve({ url: `http://localhost:${server.address().port}${path}`, stop });
    });
  });
}
