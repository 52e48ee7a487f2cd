//! The requested pages of history, and the changes that arrive while a page is in flight.

use std::collections::VecDeque;

use hubbub_protocol::{Code, Command, Event, MAX_PAGE_MESSAGES, Page, Refusal, Retry, RoomName, Seq};

use super::Timeline;
use crate::Millis;
use crate::requests::Request;
use crate::retry_backoff::RetryBackoff;

/// Maximum changes that are remembered while a page is in flight.
const MAX_REMEMBERED: usize = 200;

/// A requested page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WantedPage {
    /// The page before the loaded rows.
    Older,
    /// The page after the loaded rows.
    Newer,
    /// The newest page.
    Newest,
    /// The page around a position.
    Around(Seq),
    /// The page with the current state of rows that may be outdated.
    Renewed,
}

/// A request for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// Requested page.
    pub(crate) want: WantedPage,
    /// First or last loaded row, which the page must adjoin, or the last row before the outdated ones.
    pub(crate) edge: Option<Seq>,
    /// Distinguishes the current request from earlier ones.
    number: u64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Paging {
    pub(super) want: Option<WantedPage>,
    asked: Option<PageRequest>,
    number: u64,
    /// Delay before the next request.
    backoff: RetryBackoff,
    /// Changes since the request. On a network that reorders frames, the page may be older.
    changes: VecDeque<Event>,
}

impl Paging {
    /// Remembers a change while a page is in flight.
    pub(super) fn remember(&mut self, event: Event) {
        if self.asked.is_some() {
            self.changes.truncate(MAX_REMEMBERED - 1);
            self.changes.push_front(event);
        }
    }

    /// Cancels pages that adjoin loaded rows, because these were replaced or may be outdated.
    pub(super) fn start_over(&mut self) {
        self.asked = None;
        if !matches!(self.want, Some(WantedPage::Around(_))) {
            self.want = None;
        }
    }

    /// Returns whether the view is going to another place.
    pub(super) const fn leads_away(&self) -> bool {
        matches!(self.want, Some(WantedPage::Newest | WantedPage::Around(_)))
    }

    fn set_want(&mut self, want: WantedPage) {
        if self.want != Some(want) {
            self.want = Some(want);
            self.asked = None;
        }
    }
}

impl Timeline {
    /// Requests an older page if there is an older page. Returns whether it was requested.
    pub(crate) fn want_older(&mut self) -> bool {
        let wanted = self.has_older() && self.may_extend();
        if wanted {
            self.paging.set_want(WantedPage::Older);
        }
        wanted
    }

    /// Requests a newer page if there is a newer page. Returns whether it was requested.
    pub(crate) fn want_newer(&mut self) -> bool {
        let wanted = self.has_newer() && self.may_extend();
        if wanted {
            self.paging.set_want(WantedPage::Newer);
        }
        wanted
    }

    /// Requests the end of the room. Returns whether this changed the requested page.
    pub(crate) fn want_end(&mut self) -> bool {
        let elsewhere = matches!(self.paging.want, Some(WantedPage::Around(_)));
        let wanted =
            (self.has_newer() || self.loading() || elsewhere) && self.paging.want != Some(WantedPage::Newest);
        if wanted && !self.loading() && !self.has_newer() {
            // The end is loaded already.
            self.paging.want = None;
            self.paging.asked = None;
        } else if wanted {
            self.paging.set_want(WantedPage::Newest);
        }
        wanted
    }

    /// Requests the rows around a position, unless they are loaded. Returns whether this changed the
    /// requested page.
    pub(crate) fn want_around(&mut self, seq: Seq) -> bool {
        let wanted = !self.holds(seq) && self.paging.want != Some(WantedPage::Around(seq));
        if wanted {
            self.paging.set_want(WantedPage::Around(seq));
        }
        wanted
    }

    /// Requests the rows after a position and some before it, unless they are loaded.
    pub(crate) fn want_after(&mut self, seq: Seq) {
        let begins_before = self.window.first_seq().is_some_and(|first| first <= seq) || !self.has_older();
        let is_held = begins_before && self.window.last_seq().is_none_or(|last| last > seq);
        if self.loading() || !is_held {
            self.paging.set_want(WantedPage::Around(seq.next()));
        }
    }

    /// Returns whether a page can adjoin the loaded rows. Outdated rows are loaded again first.
    const fn may_extend(&self) -> bool {
        self.paging.want.is_none() && self.window.stale_after().is_none()
    }

    /// Returns the request for a page to send now.
    pub(crate) fn next_request(&mut self, room: &RoomName) -> Option<(Command, Request)> {
        if !self.paging.backoff.is_ready() {
            return None;
        }
        let ask = self.ask()?;
        let (mut before, mut after, mut around, mut limit) = (None, None, None, None);
        match ask.want {
            WantedPage::Older => before = ask.edge,
            WantedPage::Newer => after = ask.edge,
            WantedPage::Newest => {}
            WantedPage::Around(seq) => around = Some(seq),
            WantedPage::Renewed => {
                after = ask.edge;
                limit = Some(MAX_PAGE_MESSAGES);
            }
        }
        let name = room.as_str().to_owned();
        let command = Command::History { room: name, before, after, around, limit };
        Some((command, Request::History { room: room.clone(), ask }))
    }

    /// Handles a requested page. Returns whether the client still waited for it.
    pub(crate) fn on_reply(&mut self, ask: PageRequest, page: Page, now: Millis) -> bool {
        let is_awaited = self.awaits(ask);
        if is_awaited {
            self.paging.backoff.granted();
            if self.take_page(ask, page) {
                // Paging continues by itself, after a delay.
                self.paging.backoff.pause(now);
            }
        }
        is_awaited
    }

    /// Handles the refusal of a page. Returns whether the client still waited for it.
    pub(crate) fn on_refusal(&mut self, ask: PageRequest, refusal: &Refusal, now: Millis) -> bool {
        let is_awaited = self.awaits(ask);
        if is_awaited {
            self.paging.asked = None;
            match refusal.retry {
                // The room is joined again first.
                _ if refusal.code == Code::NotJoined => {}
                Retry::Later => self.paging.backoff.refused_as(refusal, now),
                Retry::Never => {
                    self.stop_loading(true);
                    // After a refusal, the client requests the newest page again, so the next request needs a
                    // delay.
                    self.paging.backoff.refused(now);
                }
            }
        }
        is_awaited
    }

    /// Handles an expired delay.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.paging.backoff.wake(now);
    }

    pub(crate) const fn deadline(&self) -> Option<Millis> {
        self.paging.backoff.deadline()
    }

    /// Returns the page to request now.
    pub(super) fn ask(&mut self) -> Option<PageRequest> {
        let doubt = self.window.stale_after().map(|_| WantedPage::Renewed);
        let want = self.paging.want.or(doubt).filter(|_| self.paging.asked.is_none())?;
        let edge = match want {
            WantedPage::Older => self.window.first_seq(),
            WantedPage::Newer => self.window.last_seq(),
            WantedPage::Renewed => self.window.stale_after(),
            WantedPage::Newest | WantedPage::Around(_) => None,
        };
        let want = match want {
            // There are no loaded rows that the page could adjoin.
            WantedPage::Older | WantedPage::Newer if edge.is_none() => WantedPage::Newest,
            want => want,
        };
        self.paging.want = Some(want);
        self.paging.number += 1;
        let ask = PageRequest { want, edge, number: self.paging.number };
        self.paging.asked = Some(ask);
        self.paging.changes.clear();
        Some(ask)
    }

    /// Returns whether the client still waits for this page.
    fn awaits(&self, ask: PageRequest) -> bool {
        self.paging.asked == Some(ask)
    }

    /// Adds a page. Ignores a page that is no longer requested or that does not adjoin the loaded rows.
    /// Returns whether it did not reach the requested end, so that another page is requested.
    pub(super) fn take_page(&mut self, ask: PageRequest, mut page: Page) -> bool {
        if !self.awaits(ask) {
            return false;
        }
        self.stop_loading(false);
        let bound = self.bound();
        let mut short = false;
        match ask.want {
            WantedPage::Older => {
                // New rows may have evicted the row that the page adjoins.
                if self.window.first_seq() == ask.edge {
                    self.window.prepend(page, bound);
                }
            }
            WantedPage::Newer => {
                let brought = self.window.last_seq() == ask.edge && self.window.append(page, bound);
                self.attach();
                if self.has_newer() && !brought {
                    // The page brought no rows, so the newest page is requested instead.
                    self.paging.want = Some(WantedPage::Newest);
                    short = true;
                }
            }
            WantedPage::Newest => {
                page.newer = false;
                self.window.replace(page, bound);
                self.attach();
                if self.has_newer() {
                    self.paging.want = Some(WantedPage::Newer);
                    short = true;
                }
            }
            WantedPage::Around(_) => {
                let newer = page.newer;
                if page.events.iter().any(Event::has_line) {
                    self.window.replace(page, bound);
                    self.window.newer |= newer;
                    self.attach();
                }
            }
            WantedPage::Renewed => {
                if self.window.stale_after() == ask.edge && self.window.renew(page, bound) {
                    self.attach();
                } else {
                    // The page cannot renew the outdated rows, so the newest page is requested instead.
                    self.paging.want = Some(WantedPage::Newest);
                    short = true;
                }
            }
        }
        self.bring_up_to_date();
        short
    }

    /// Ends a request whose page does not arrive; `for_good` after a permanent refusal.
    pub(super) fn stop_loading(&mut self, for_good: bool) {
        let want = self.paging.want.take();
        self.paging.asked = None;
        if for_good && want == Some(WantedPage::Older) {
            self.window.older = false;
        }
        if for_good && want == Some(WantedPage::Renewed) {
            self.window.unload();
        }
    }

    /// Resets a request in flight after the connection is lost.
    pub(crate) fn reset_in_flight(&mut self) {
        self.paging.asked = None;
        self.paging.backoff = RetryBackoff::default();
    }

    /// Checks the end: a window that does not reach the newest known row is not at the end, even if the page
    /// reports it.
    fn attach(&mut self) {
        let last = self.window.last_seq().unwrap_or(Seq(0));
        self.window.newer |= last < self.newest;
        if !self.window.newer {
            self.newest = last;
        }
    }

    fn bring_up_to_date(&mut self) {
        for event in self.paging.changes.drain(..).rev() {
            self.window.apply_change(&event);
        }
        self.evict_applied_sent();
    }
}
