import type { Page } from "@playwright/test";
import type { Person } from "./person";

/** A server that is not as the real one is, until told to be. */
export interface Oddity {
  end(): void;
}

/** What a frame is made of, as far as somebody between the page and the server meddles with it. */
interface Frame {
  id?: number;
  do?: Record<string, unknown>;
  hello?: { server: string };
}

/** Who meddles: `out` may answer what the page says in place of the server, `come` may change what the server says. */
interface Meddler {
  out?: (frame: Frame) => object | undefined;
  come?: (frame: Frame) => void;
}

/** Who meddles on which page. */
const meddlers = new WeakMap<Page, Set<Meddler>>();

/** Stands between the page and the server, from the page's next connection on. */
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

/** The server refuses for good what this person wants to do. */
export function refuses(person: Person, deed: "post" | "react"): Promise<Oddity> {
  const refusal = { code: "invalid", message: "it is not to my taste", field: "text", retry: "never" };
  return between(person, { out: ({ id, do: what }) => (what?.[deed] ? { refusal: { id, refusal } } : undefined) });
}

/** The server is newer than the page. */
export function offersNewVersion(person: Person): Promise<Oddity> {
  return between(person, {
    come: ({ hello }) => {
      if (hello) hello.server = "99.0.0";
    },
  });
}
