import { test as base, expect, type BrowserContextOptions } from "@playwright/test";
import { Person } from "./person";
import { Server } from "./server";
import { english, russian } from "./words";

interface Options {
  /** Whether the test disconnects the network, so that the browser may report failed requests. */
  networkMayFail: boolean;
  /** Environment variables of the server. */
  serverEnv: Record<string, string>;
}

export interface Cast {
  /** The real program, started for each test. */
  server: Server;
  /** Creates a user with a browser of their own. */
  person: (name: string, options?: BrowserContextOptions) => Promise<Person>;
  alice: Person;
  bob: Person;
}

/** A test with a server and users; any error on a console fails it. */
export const test = base.extend<Options & Cast>({
  networkMayFail: [false, { option: true }],

  serverEnv: [{}, { option: true }],

  server: async ({ serverEnv }, use, info) => {
    const server = await Server.start(serverEnv);
    try {
      await use(server);
      if (info.status !== info.expectedStatus) {
        await info.attach("the server said", { body: server.said, contentType: "text/plain" });
      }
    } finally {
      await server.remove();
    }
    expect(server.said, "the server said").not.toMatch(/panicked/);
  },

  person: async ({ browser, server, networkMayFail, contextOptions }, use) => {
    const faults: string[] = [];
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (name, options = {}) => {
      const context = await browser.newContext({ ...contextOptions, ...options });
      contexts.push(context);
      const words = (options.locale ?? contextOptions.locale)?.startsWith("ru") ? russian : english;
      return Person.in(context, name, words, server, faults, networkMayFail);
    });
    for (const context of contexts) await context.close();
    expect(faults, "errors on the consoles").toEqual([]);
  },

  alice: async ({ person }, use) => use(await person("Alice")),
  bob: async ({ person }, use) => use(await person("Bob")),
});

export { expect };
