//! Attachments of the tests, and their addresses.

use std::sync::Arc;

use hubbub_protocol::{Attachment, FileId, FileName, Message};
use hubbub_wires::FileUrls;

/// The addresses of files in the tests.
#[derive(Debug)]
pub(crate) struct TestUrls;

impl FileUrls for TestUrls {
    fn url(&self, file: &Attachment) -> String {
        format!("http://chat.example/files/{}/{}", file.id, file.name)
    }
}

pub(crate) fn urls() -> Arc<dyn FileUrls> {
    Arc::new(TestUrls)
}

/// Returns the message with attachments of these names; those that end in `.png` are pictures.
pub(crate) fn with_files(message: Message, names: &[&str]) -> Message {
    let files = names.iter().zip(1..).map(|(name, id)| {
        let is_picture = name.ends_with(".png");
        Attachment {
            id: FileId(id),
            name: FileName::parse(name).unwrap(),
            size: 1_500,
            content_type: if is_picture { "image/png" } else { "text/plain" }.to_owned(),
            width: is_picture.then_some(640),
            height: is_picture.then_some(480),
            preview: is_picture.then(|| "image/webp;base64,AAAA".to_owned()),
        }
    });
    Message { files: files.collect(), ..message }
}
