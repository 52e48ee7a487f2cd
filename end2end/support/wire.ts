import type { Page } from "@playwright/test";
import type { Person } from "./person";

/** A difference of the server from the real one, which can be ended. */
export interface Oddity {
  end(): void;
}

/** The fields of a frame that these tests change. */
interface Frame {
  id?: number;
  do?: Record<string, unknown>;
  hello?: { server: string };
}

/**
 * Changes frames: `out` may answer a frame of the page in place of the server, `come` may change a frame of the
 * server.
 */
interface Meddler {
  out?: (frame: Frame) => object | undefined;
  come?: (frame: Frame) => void;
}

/** The interceptors by page. */
const meddlers = new WeakMap<Page, Set<Meddler>>();

/** Intercepts the frames between the page and the server, from the next connection on. */
async function between(person: Person, meddler: Meddler): Promise<Oddity> {
  const there = meddlers.get(person.page) ?? (await stand(person.page));
  there.add(meddler);
  return { end: () => void there.delete(meddler) };
}

async function stand(at: Page): Promise<Set<Meddler>> {
  const there = new Set<Meddler>();
  meddlers.set(at, there);
  await at.routeWebSocket(/\/api\/v1\/socket/, (page) => {
    const upstream = page.connectToServer();
    page.onMessage((frame) => {
      const asked = JSON.parse(frame.toString()) as Frame;
      const answer = [...there].map(({ out }) => out?.(asked)).find((answer) => answer);
      if (answer) page.send(JSON.stringify(answer));
      else upstream.send(frame);
    });
    upstream.onMessage((frame) => {
      const said = JSON.parse(frame.toString()) as Frame;
      for (const { come } of there) come?.(said);
      page.send(JSON.stringify(said));
    });
  });
  return there;
}

/** The server refuses all requests of this kind from this user. */
export function refuses(person: Person, deed: "post" | "react"): Promise<Oddity> {
  const refusal = { code: "invalid", message: "it is not to my taste", field: "text", retry: "never" };
  return between(person, { out: ({ id, do: what }) => (what?.[deed] ? { refusal: { id, refusal } } : undefined) });
}

/** The server reports a newer version than that of the page. */
export function offersNewVersion(person: Person): Promise<Oddity> {
  return between(person, {
    come: ({ hello }) => {
      if (hello) hello.server = "99.0.0";
    },
  });
}

/** Returns the list of the frames that the page sends over connections that it opens from now on. */
export function watchFrames(person: Person): string[] {
  const sent: string[] = [];
  person.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(payload.toString())));
  return sent;
}
