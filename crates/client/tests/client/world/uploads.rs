//! Files that the user posts, and the server that receives them.

use hubbub_client::{Intent, LocalFile, MAX_UPLOADS, UploadEvent, UploadState};
use hubbub_protocol::{Attachment, ClientId, FileId, FileName, Refusal, RoomId, RoomName};

use super::World;
use crate::words::{lobby, name_of};

/// Size of each file in bytes.
pub(crate) const FILE_BYTES: u64 = 100;

impl World {
    /// Posts files with a text to the lobby.
    pub(crate) fn sends_files(&mut self, names: &[&str], text: &str) -> ClientId {
        self.sends_files_in(names, text, &lobby())
    }

    pub(crate) fn sends_files_in(&mut self, names: &[&str], text: &str, room: &RoomName) -> ClientId {
        let files = names.iter().map(|name| self.chooses(name)).collect();
        self.posts(text, room, None, files)
    }

    /// Stores the content of a file.
    fn chooses(&mut self, name: &str) -> LocalFile {
        let number = 5_000 + u32::try_from(self.contents.len()).unwrap() + self.names * 10;
        let (upload_id, name) = (name_of(number), FileName::parse(name).unwrap());
        self.contents.insert(upload_id, name.clone());
        let (content_type, state) = (String::new(), UploadState::Waiting);
        LocalFile { upload_id, name, size: FILE_BYTES, content_type, state, sent: None }
    }

    /// The server has received so many bytes of the file.
    pub(crate) fn uploads(&mut self, name: &str, sent: u64) {
        self.upload_event(name, UploadEvent::Progress(sent));
    }

    /// The server has received the whole file.
    pub(crate) fn finishes(&mut self, name: &str) {
        let upload_id = self.upload_of(name);
        self.uploads.retain(|running| *running != upload_id);
        let id = FileId(i64::try_from(self.server.files.len()).unwrap() + 1);
        let attachment = Attachment {
            id,
            name: FileName::parse(name).unwrap(),
            size: FILE_BYTES,
            content_type: "image/png".to_owned(),
            width: None,
            height: None,
            preview: None,
        };
        self.server.files.insert(id, attachment.clone());
        self.upload_event(name, UploadEvent::Done(Box::new(attachment)));
    }

    pub(crate) fn server_refuses_file(&mut self, name: &str, refusal: Refusal) {
        let upload_id = self.upload_of(name);
        self.uploads.retain(|running| *running != upload_id);
        self.upload_event(name, UploadEvent::Refused(refusal));
    }

    pub(crate) fn cancels_file(&mut self, name: &str) {
        self.upload_event(name, UploadEvent::Cancel);
    }

    pub(crate) fn retries_file(&mut self, name: &str) {
        self.upload_event(name, UploadEvent::Retry);
    }

    /// Returns the names of the files that are being uploaded.
    pub(crate) fn uploading(&self) -> Vec<&str> {
        self.uploads.iter().map(|upload_id| self.contents[upload_id].as_str()).collect()
    }

    fn upload_event(&mut self, name: &str, event: UploadEvent) {
        let upload_id = self.upload_of(name);
        self.wants(Intent::Upload { upload_id, event });
    }

    fn upload_of(&self, name: &str) -> ClientId {
        let found = self.contents.iter().find(|(_, content)| content.as_str() == name);
        *found.unwrap_or_else(|| panic!("no content of {name}")).0
    }

    pub(super) fn starts_upload(&mut self, room: RoomId, upload_id: ClientId) {
        assert_eq!(room, RoomId(1), "all rooms of the server have this id");
        assert!(!self.uploads.contains(&upload_id), "one upload twice");
        self.uploads.push(upload_id);
    }

    pub(super) fn stops_upload(&mut self, upload_id: ClientId) {
        assert!(self.uploads.contains(&upload_id), "it does not run");
        self.uploads.retain(|running| *running != upload_id);
    }

    pub(super) fn discards(&mut self, upload_id: ClientId) {
        self.uploads.retain(|running| *running != upload_id);
        assert!(self.contents.remove(&upload_id).is_some(), "discarded twice");
    }

    /// Checks that the uploads that run are those that the client shows, and that no waiting message lacks its content.
    pub(super) fn check_uploads(&self) {
        let files = || self.client.outbox().entries().flat_map(|entry| &entry.files);
        let mut shown: Vec<ClientId> =
            files().filter(|file| file.sent.is_some()).map(|file| file.upload_id).collect();
        let mut running = self.uploads.clone();
        shown.sort();
        running.sort();
        assert_eq!(running, shown, "uploads that run, and that are shown");
        assert!(running.len() <= MAX_UPLOADS);
        assert!(files().all(|file| self.contents.contains_key(&file.upload_id)), "a file without content");
    }
}
