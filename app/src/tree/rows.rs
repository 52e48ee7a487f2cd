//! Lists of which only what has changed is touched.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use web_sys::Node;

use super::Rows;
use super::patch::remove_node;
use super::place::Place;
use super::shown::{Shown, show};

/// Rows in the document.
pub(super) struct RowsShown {
    rows: Rc<RefCell<Vec<Row>>>,
    /// They end before this comment.
    end: Rc<OnceCell<Node>>,
    effect: RenderEffect<()>,
}

struct Row {
    key: u64,
    /// What signals and contexts of the row live in.
    owner: Owner,
    shown: Shown,
}

impl RowsShown {
    pub(super) fn start(mut list: Box<dyn Rows>, place: &Rc<Place>) -> Self {
        let rows = Rc::new(RefCell::new(Vec::new()));
        let end = Rc::new(OnceCell::<Node>::new());
        // Not the owner of the effect, which gives up all it has made with each run.
        let owner = Owner::current().unwrap_or_default();
        let effect = RenderEffect::new({
            let (rows, end) = (Rc::clone(&rows), Rc::clone(&end));
            let mut first = Some(Rc::clone(place));
            move |_| {
                let keys = list.keys();
                let mut rows = rows.borrow_mut();
                let mut make = |index: usize, key, place: &Rc<Place>| {
                    let owner = owner.with(Owner::new);
                    let shown = owner.with(|| untrack(|| show(list.row(index), place)));
                    Row { key, owner, shown }
                };
                if let Some(place) = first.take() {
                    rows.extend(keys.iter().enumerate().map(|(index, key)| make(index, *key, &place)));
                } else if let Some(end) = end.get() {
                    update(&mut rows, &keys, end, make);
                }
            }
        });
        _ = end.set(place.end());
        Self { rows, end, effect }
    }

    /// The first node of them.
    pub(super) fn first(&self) -> Node {
        let first = self.rows.borrow().iter().find_map(|row| row.shown.first());
        first.or_else(|| self.end.get().cloned()).expect("the end is there from the start")
    }

    /// Puts their nodes before this one.
    pub(super) fn move_to(&self, parent: &Node, before: &Node) {
        self.rows.borrow().iter().for_each(|row| row.shown.move_to(parent, before));
        self.end.get().into_iter().for_each(|end| _ = parent.insert_before(end, Some(before)));
    }

    /// Takes them out of the document.
    pub(super) fn remove(self) {
        drop(self.effect);
        self.rows.take().into_iter().for_each(Row::remove);
        remove_node(self.end.get());
    }
}

impl Row {
    fn remove(self) {
        self.shown.remove();
        self.owner.cleanup();
    }
}

/// Takes away the rows that are no more, and brings the others in order, together with those that `make` makes.
fn update(
    rows: &mut Vec<Row>,
    keys: &[u64],
    end: &Node,
    mut make: impl FnMut(usize, u64, &Rc<Place>) -> Row,
) {
    let Some(parent) = end.parent_node() else { return };
    let wanted: HashMap<u64, usize> = keys.iter().enumerate().map(|(index, key)| (*key, index)).collect();
    let (kept, gone): (Vec<Row>, Vec<Row>) = rows.drain(..).partition(|row| wanted.contains_key(&row.key));
    gone.into_iter().for_each(Row::remove);

    // Those that are kept, in the order in which they stand; what was taken out to stand elsewhere is None.
    let mut at: HashMap<u64, usize> = kept.iter().enumerate().map(|(index, row)| (row.key, index)).collect();
    let mut kept: Vec<Option<Row>> = kept.into_iter().map(Some).collect();
    let mut next = 0;
    for (index, key) in keys.iter().enumerate() {
        while kept.get(next).is_some_and(Option::is_none) {
            next += 1;
        }
        let before = kept.get(next).and_then(Option::as_ref).and_then(|row| row.shown.first());
        let before = before.unwrap_or_else(|| end.clone());
        let row = match at.remove(key).and_then(|at| Some((at, kept[at].take()?))) {
            Some((at, row)) => {
                if at != next {
                    row.shown.move_to(&parent, &before);
                }
                row
            }
            None => make(index, *key, &Rc::new(Place::before(parent.clone(), Some(before)))),
        };
        rows.push(row);
    }
}
