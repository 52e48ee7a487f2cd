//! Which page of history is wanted, and what happened while it was on its way.

use std::collections::VecDeque;

use hubbub_protocol::{Event, Page, Seq};

use super::Timeline;

/// Changes that are remembered while a page is on its way.
const MAX_REMEMBERED: usize = 200;

/// A page that somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// The one before what is held.
    Older,
    /// The one after what is held.
    Newer,
    /// The newest.
    Newest,
    /// The one around a position.
    Around(Seq),
    /// The one that says how the lines are that are in doubt.
    Renewed,
}

/// How a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Which page.
    pub(crate) want: Want,
    /// The first or last line that is held, where the page is to join, or the last before those in doubt.
    pub(crate) edge: Option<Seq>,
    /// Tells an answer that is still wanted from one that is not.
    number: u64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Paging {
    pub(crate) want: Option<Want>,
    asked: Option<Ask>,
    number: u64,
    /// Changes since the page was asked for: on a network that reorders, it might be older than they are.
    changes: VecDeque<Event>,
}

impl Paging {
    /// Remembers a change as long as a page is on its way.
    pub(super) fn remember(&mut self, event: Event) {
        if self.asked.is_some() {
            self.changes.truncate(MAX_REMEMBERED - 1);
            self.changes.push_front(event);
        }
    }

    /// What is held was replaced, or is in doubt: pages that join it are of no use any more.
    pub(super) fn start_over(&mut self) {
        self.asked = None;
        if !matches!(self.want, Some(Want::Around(_))) {
            self.want = None;
        }
    }

    /// Whether somebody is on the way to another place.
    pub(super) const fn leads_away(&self) -> bool {
        matches!(self.want, Some(Want::Newest | Want::Around(_)))
    }

    fn change(&mut self, want: Want) {
        if self.want != Some(want) {
            self.want = Some(want);
            self.asked = None;
        }
    }
}

impl Timeline {
    /// Asks for an older page. Whether that makes sense.
    pub(crate) fn want_older(&mut self) -> bool {
        let wanted = self.has_older() && self.may_extend();
        if wanted {
            self.paging.change(Want::Older);
        }
        wanted
    }

    /// Asks for a newer page. Whether that makes sense.
    pub(crate) fn want_newer(&mut self) -> bool {
        let wanted = self.has_newer() && self.may_extend();
        if wanted {
            self.paging.change(Want::Newer);
        }
        wanted
    }

    /// Asks for the end. Whether that makes sense.
    pub(crate) fn want_end(&mut self) -> bool {
        let elsewhere = matches!(self.paging.want, Some(Want::Around(_)));
        let wanted =
            (self.has_newer() || self.loading() || elsewhere) && self.paging.want != Some(Want::Newest);
        if wanted && !self.loading() && !self.has_newer() {
            // The end is held already.
            self.paging.want = None;
            self.paging.asked = None;
        } else if wanted {
            self.paging.change(Want::Newest);
        }
        wanted
    }

    /// Asks for what is around a position. Whether that makes sense.
    pub(crate) fn want_around(&mut self, seq: Seq) -> bool {
        let wanted = !self.holds(seq) && self.paging.want != Some(Want::Around(seq));
        if wanted {
            self.paging.change(Want::Around(seq));
        }
        wanted
    }

    /// Asks for the lines after a position and some before it, unless they are held.
    pub(crate) fn want_after(&mut self, seq: Seq) {
        let begins_before = self.window.first_seq().is_some_and(|first| first <= seq) || !self.has_older();
        let is_held = begins_before && self.window.last_seq().is_none_or(|last| last > seq);
        if self.loading() || !is_held {
            self.paging.change(Want::Around(seq.next()));
        }
    }

    /// Nothing joins what is in doubt.
    const fn may_extend(&self) -> bool {
        self.paging.want.is_none() && self.window.stale_after().is_none()
    }

    /// The page to ask for now.
    pub(crate) fn ask(&mut self) -> Option<Ask> {
        let doubt = self.window.stale_after().map(|_| Want::Renewed);
        let want = self.paging.want.or(doubt).filter(|_| self.paging.asked.is_none())?;
        let edge = match want {
            Want::Older => self.window.first_seq(),
            Want::Newer => self.window.last_seq(),
            Want::Renewed => self.window.stale_after(),
            Want::Newest | Want::Around(_) => None,
        };
        let want = match want {
            // Nothing is held that it could join.
            Want::Older | Want::Newer if edge.is_none() => Want::Newest,
            want => want,
        };
        self.paging.want = Some(want);
        self.paging.number += 1;
        let ask = Ask { want, edge, number: self.paging.number };
        self.paging.asked = Some(ask);
        self.paging.changes.clear();
        Some(ask)
    }

    /// Whether this page is still waited for.
    pub(crate) fn awaits(&self, ask: Ask) -> bool {
        self.paging.asked == Some(ask)
    }

    /// Takes a page in. One that nobody waits for any more is dropped, and so is one that does not join.
    /// Whether it fell short of the end that was wanted, so that another one is wanted now.
    pub(crate) fn take_page(&mut self, ask: Ask, mut page: Page) -> bool {
        if !self.awaits(ask) {
            return false;
        }
        self.stop_loading(false);
        let bound = self.bound();
        let mut short = false;
        match ask.want {
            Want::Older => {
                // Live lines may have pushed out the one that it was to join.
                if self.window.first_seq() == ask.edge {
                    self.window.prepend(page, bound);
                }
            }
            Want::Newer => {
                let brought = self.window.last_seq() == ask.edge && self.window.append(page, bound);
                self.attach();
                if self.has_newer() && !brought {
                    // It leads nowhere from here.
                    self.paging.want = Some(Want::Newest);
                    short = true;
                }
            }
            Want::Newest => {
                page.newer = false;
                self.window.replace(page, bound);
                self.attach();
                if self.has_newer() {
                    self.paging.want = Some(Want::Newer);
                    short = true;
                }
            }
            Want::Around(_) => {
                let newer = page.newer;
                if page.events.iter().any(Event::has_line) {
                    self.window.replace(page, bound);
                    self.window.newer |= newer;
                    self.attach();
                }
            }
            Want::Renewed => {
                if self.window.stale_after() == ask.edge && self.window.renew(page, bound) {
                    self.attach();
                } else {
                    // It leads nowhere from here.
                    self.paging.want = Some(Want::Newest);
                    short = true;
                }
            }
        }
        self.bring_up_to_date();
        short
    }

    /// The page does not come; `for_good` if asking again is in vain.
    pub(crate) fn stop_loading(&mut self, for_good: bool) {
        let want = self.paging.want.take();
        self.paging.asked = None;
        if for_good && want == Some(Want::Older) {
            self.window.older = false;
        }
        if for_good && want == Some(Want::Renewed) {
            self.window.unload();
        }
    }

    /// The page was not brought, and shall be asked for again.
    pub(crate) const fn ask_again(&mut self) {
        self.paging.asked = None;
    }

    /// A window that does not reach the newest line that was heard of is not at the end, whatever the page says.
    fn attach(&mut self) {
        let last = self.window.last_seq().unwrap_or(Seq(0));
        self.window.newer |= last < self.newest;
        if !self.window.newer {
            self.newest = last;
        }
    }

    fn bring_up_to_date(&mut self) {
        for event in self.paging.changes.drain(..).rev() {
            self.window.change(&event);
        }
        self.let_go_of_sent();
    }
}
