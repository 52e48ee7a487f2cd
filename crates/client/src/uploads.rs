//! Uploads of the files of unsent messages.

use std::sync::Arc;

use hubbub_protocol::{ClientId, Field, Refusal, Retry, RoomId, RoomName};

use crate::output::ClientOutput;
use crate::retry_backoff::RetryBackoff;
use crate::{Effect, Entry, LocalFile, Millis, Outbox, UploadEvent, UploadState};

/// Maximum uploads at a time, so that they leave bandwidth for messages and one large file does not block all others.
pub const MAX_UPLOADS: usize = 2;

/// What an event of an upload has changed in its message.
pub(crate) enum UploadOutcome {
    /// Only the view has changed.
    Shown(ClientId),
    /// The record has changed.
    Changed(ClientId),
    /// A file was refused permanently.
    Failed(ClientId, Refusal),
    /// The message has neither text nor files any more.
    NothingLeft(ClientId),
}

/// Starts and stops uploads. Which of them run is in the entries of the outbox.
#[derive(Debug, Default)]
pub(crate) struct UploadQueue {
    /// Delay before the next upload after a temporary refusal or an interruption.
    backoff: RetryBackoff,
    /// The file that was refused last. Another one is tried first, so that one file does not keep all others.
    refused: Option<ClientId>,
}

impl UploadQueue {
    /// Starts waiting uploads in the order of sending. `id_of` returns the id of a joined room. Returns the messages whose
    /// uploads have started.
    pub(crate) fn start(
        &self,
        outbox: &mut Outbox,
        id_of: impl Fn(&RoomName) -> Option<RoomId>,
        out: &mut ClientOutput,
    ) -> Vec<ClientId> {
        let mut started = Vec::new();
        if !self.backoff.is_ready() {
            return started;
        }
        // After a temporary refusal, one upload is tried alone.
        let limit = if self.backoff.on_trial() { 1 } else { MAX_UPLOADS };
        while outbox.running_uploads() < limit {
            let waiting = || {
                outbox.pending_entries().flat_map(|entry| {
                    let files = entry.files.iter().filter(|file| file.is_waiting());
                    let room = id_of(&entry.room);
                    files.filter_map(move |file| Some((entry.client_id, room?, file)))
                })
            };
            let other = waiting().find(|(_, _, file)| Some(file.upload_id) != self.refused);
            let next = other.or_else(|| waiting().next());
            let next = next.map(|(client_id, room, file)| {
                (client_id, room, file.upload_id, file.name.clone(), file.size)
            });
            let Some((client_id, room, upload_id, name, size)) = next else { break };
            outbox.update_file(upload_id, |file| file.sent = Some(0));
            out.effects.push(Effect::Upload { room, upload_id, name, size });
            started.push(client_id);
        }
        started
    }

    /// Handles an event of an upload. Events of uploads that do not run are late and are ignored.
    pub(crate) fn on_event(
        &mut self,
        outbox: &mut Outbox,
        upload_id: ClientId,
        event: UploadEvent,
        now: Millis,
        out: &mut ClientOutput,
    ) -> Option<UploadOutcome> {
        let (size, sent) = (outbox.file(upload_id)?.size, outbox.file(upload_id)?.sent);
        match event {
            UploadEvent::Progress(now_sent) => {
                let (before, now_sent) = (sent?, now_sent.min(size));
                // The first report may be of what the server had before.
                if before > 0 && now_sent > before {
                    self.backoff.granted();
                }
                let changed = outbox.update_file(upload_id, |file| file.sent = Some(now_sent));
                changed.filter(|_| now_sent != before).map(UploadOutcome::Shown)
            }
            UploadEvent::Done(attachment) => {
                sent?;
                self.backoff.granted();
                end(outbox, upload_id, UploadState::Uploaded(*attachment)).map(UploadOutcome::Changed)
            }
            UploadEvent::Refused(refusal) if refusal.retry == Retry::Never => {
                sent?;
                let client_id = end(outbox, upload_id, UploadState::Failed(refusal.clone()))?;
                Some(UploadOutcome::Failed(client_id, refusal))
            }
            UploadEvent::Refused(refusal) => {
                sent?;
                self.refused = Some(upload_id);
                self.backoff.refused_as(&refusal, now);
                end(outbox, upload_id, UploadState::Waiting).map(UploadOutcome::Shown)
            }
            UploadEvent::Cancel => {
                let (entry, file) = outbox.remove_file(upload_id)?;
                discard(&[file], out);
                if entry.files.is_empty() && entry.text.is_empty() {
                    return Some(UploadOutcome::NothingLeft(entry.client_id));
                }
                self.revive(outbox, &entry);
                Some(UploadOutcome::Changed(entry.client_id))
            }
            UploadEvent::Retry => {
                outbox.file(upload_id)?.failure()?;
                let client_id = end(outbox, upload_id, UploadState::Waiting)?;
                let entry = outbox.shared(client_id)?;
                self.revive(outbox, &entry);
                Some(UploadOutcome::Changed(client_id))
            }
        }
    }

    /// Uploads the refused files of a message again; all its files if the server has lost them. Returns the message.
    pub(crate) fn retry_all(
        &mut self,
        outbox: &mut Outbox,
        client_id: ClientId,
        is_lost: bool,
    ) -> Option<Arc<Entry>> {
        self.backoff = RetryBackoff::default();
        let entry = outbox.shared(client_id)?;
        for file in entry.files.iter().filter(|file| is_lost || file.failure().is_some()) {
            end(outbox, file.upload_id, UploadState::Waiting);
        }
        outbox.shared(client_id)
    }

    /// Stops all uploads, because the connection is lost. They are resumed without a delay. Returns their messages.
    pub(crate) fn pause_all(&mut self, outbox: &mut Outbox, out: &mut ClientOutput) -> Vec<ClientId> {
        self.backoff = RetryBackoff::default();
        let is_running = |entry: &&Entry| entry.files.iter().any(|file| file.sent.is_some());
        let running: Vec<ClientId> =
            outbox.entries().filter(is_running).map(|entry| entry.client_id).collect();
        running.iter().for_each(|client_id| pause(outbox, *client_id, out));
        running
    }

    /// Makes a message pending again if it had failed for a file that is no longer refused.
    fn revive(&mut self, outbox: &mut Outbox, entry: &Entry) {
        let is_of_file = entry.failed.as_ref().is_some_and(|refusal| refusal.field == Some(Field::File));
        if is_of_file && entry.files.iter().all(|file| file.failure().is_none()) {
            outbox.retry(entry.client_id, None, entry.author);
            self.backoff = RetryBackoff::default();
        }
    }

    /// Removes an expired delay.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.backoff.wake(now);
    }

    pub(crate) const fn deadline(&self) -> Option<Millis> {
        self.backoff.deadline()
    }
}

/// Ends an upload with this state. Returns the message.
fn end(outbox: &mut Outbox, upload_id: ClientId, state: UploadState) -> Option<ClientId> {
    outbox.update_file(upload_id, |file| {
        file.sent = None;
        file.state = state;
    })
}

/// Stops the uploads of a message that run. They wait to be resumed.
pub(crate) fn pause(outbox: &mut Outbox, client_id: ClientId, out: &mut ClientOutput) {
    let Some(entry) = outbox.shared(client_id) else { return };
    stop(&entry, out);
    for file in entry.files.iter().filter(|file| file.sent.is_some()) {
        end(outbox, file.upload_id, UploadState::Waiting);
    }
}

/// Stops the uploads of an entry that run. Their content stays in storage.
pub(crate) fn stop(entry: &Entry, out: &mut ClientOutput) {
    let running = entry.files.iter().filter(|file| file.sent.is_some());
    out.effects.extend(running.map(|file| Effect::StopUpload { upload_id: file.upload_id }));
}

/// Gives up the content of files whose message is stored or cancelled.
pub(crate) fn discard(files: &[LocalFile], out: &mut ClientOutput) {
    out.effects.extend(files.iter().map(|file| Effect::DiscardFile { upload_id: file.upload_id }));
}
