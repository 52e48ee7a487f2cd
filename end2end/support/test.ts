import { test as base, expect, type BrowserContextOptions } from "@playwright/test";
import { Person } from "./person";
import { Server } from "./server";
import { english, russian } from "./words";

interface Options {
  /** Whether this story takes the network away: then the browser may say that nobody answers. */
  networkMayFail: boolean;
  /** Settings of the server, as variables. */
  serverEnv: Record<string, string>;
}

export interface Cast {
  /** The real program, fresh for every story. */
  server: Server;
  /** A person with a browser of their own. */
  person: (name: string, options?: BrowserContextOptions) => Promise<Person>;
  alice: Person;
  bob: Person;
}

/** A story with a server and people, in which any error on any console is a failure. */
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
