import type { Cast } from "./test";
import type { Person } from "./person";

/** A user who only posts, from a page without the chat, so that nothing slows the posting down. */
export async function crowd(person: Cast["person"], server: Cast["server"]): Promise<Person> {
  // The content security policy of other pages does not allow connections.
  const crowd = await person("Crowd", { bypassCSP: true });
  await crowd.page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await crowd.page.goto(`${server.url}/robots.txt`);
  return crowd;
}
