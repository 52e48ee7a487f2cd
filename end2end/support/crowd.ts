import type { Cast } from "./test";
import type { Person } from "./person";

/** Somebody who only talks, from a page without the chat in it: nothing there slows the talk down. */
export async function crowd(person: Cast["person"], server: Cast["server"]): Promise<Person> {
  // A page of ours may not connect anywhere unless it is the chat.
  const crowd = await person("Crowd", { bypassCSP: true });
  await crowd.page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await crowd.page.goto(`${server.url}/robots.txt`);
  return crowd;
}
