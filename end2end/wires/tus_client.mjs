// Uploads a file with `tus-js-client`, and prints the attachment of the complete upload as a line of JSON.
//
//   node tus_client.mjs URL TOKEN ROOM FILE '{"chunkSize":1048576}'
//
// With `abortAt`, a number of bytes, the upload is aborted there and then continued as after a reload of the page.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Upload } from "tus-js-client";

const [url, token, room, file, wanted] = process.argv.slice(2);
const { abortAt, ...options } = JSON.parse(wanted ?? "{}");
const content = readFileSync(file);

function upload(more, stopAt) {
  return new Promise((resolve, reject) => {
    const running = new Upload(content, {
      endpoint: `${url}/api/v1/uploads`,
      headers: { Authorization: `Bearer ${token}` },
      metadata: { filename: basename(file), room },
      retryDelays: null,
      ...options,
      ...more,
      onError: reject,
      onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader("hubbub-file")),
      onProgress: (sent) => {
        if (stopAt !== undefined && sent >= stopAt) running.abort().then(() => resolve(running.url));
      },
    });
    running.start();
  });
}

const started = abortAt === undefined ? undefined : await upload({}, abortAt);
console.log(await upload(started ? { uploadUrl: started } : {}));
