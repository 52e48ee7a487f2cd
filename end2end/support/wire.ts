import type { Person } from "./person";

/** A server that is not as the real one is, until told to be. */
export interface Oddity {
  end(): void;
}

/** What a frame is made of, as far as somebody between the page and the server meddles with it. */
interface Frame {
  id?: number;
  do?: { post?: unknown };
  hello?: { server: string };
}

/**
 * Stands between the page and the server from the next connection on: `out` may answer what the page says in place
 * of the server, `come` may change what the server says.
 */
async function between(
  person: Person,
  { out = () => undefined, come = () => {} }: { out?: (frame: Frame) => object | undefined; come?: (frame: Frame) => void },
): Promise<Oddity> {
  let odd = true;
  await person.page.routeWebSocket(/\/api\/v1\/socket/, (page) => {
    const upstream = page.connectToServer();
    page.onMessage((frame) => {
      const answer = odd ? out(JSON.parse(frame.toString())) : undefined;
      if (answer) page.send(JSON.stringify(answer));
      else upstream.send(frame);
    });
    upstream.onMessage((frame) => {
      const said = JSON.parse(frame.toString()) as Frame;
      if (odd) come(said);
      page.send(JSON.stringify(said));
    });
  });
  return { end: () => (odd = false) };
}

/** The server refuses for good what this person says. */
export function refusesPosts(person: Person): Promise<Oddity> {
  const refusal = { code: "invalid", message: "text is not to my taste", field: "text", retry: "never" };
  return between(person, { out: ({ id, do: what }) => (what?.post ? { refusal: { id, refusal } } : undefined) });
}

/** The server is newer than the page. */
export function offersNewVersion(person: Person): Promise<Oddity> {
  return between(person, {
    come: ({ hello }) => {
      if (hello) hello.server = "99.0.0";
    },
  });
}
