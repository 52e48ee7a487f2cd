//! Makes what stands in the document like a new tree. What is of the same shape stays and is changed; anything else
//! is put in the place of what was there.

use std::rc::Rc;

use web_sys::Node;

use super::place::Place;
use super::shown::{Shown, ShownContent, ShownElement, ShownValue, listen, set, show, show_attribute};
use super::{Content, Element, Kind, Tree, Value};

impl Shown {
    /// Shows this tree instead. `before` is what comes after it in `parent`.
    pub(super) fn patch(&mut self, tree: Tree, parent: &Node, before: Option<&Node>) {
        let tree = match (&mut *self, tree) {
            (Self::Text { node, text }, Tree::Text(new)) => {
                if *text != new {
                    node.set_data(&new);
                    *text = new;
                }
                return;
            }
            (Self::Element(shown), Tree::Element(element)) => match shown.patch(*element) {
                Ok(()) => return,
                Err(element) => Tree::Element(element),
            },
            (Self::Many(shown), Tree::Many(trees)) => return patch_all(shown, trees, parent, before),
            (Self::Live(live), Tree::Live(make)) => return live.restart(make),
            (_, tree) => tree,
        };
        let first = self.first();
        let place = Place::before(parent.clone(), first.or_else(|| before.cloned()));
        let shown = show(tree, &Rc::new(place));
        std::mem::replace(self, shown).remove();
    }

    /// The first node of it.
    pub(super) fn first(&self) -> Option<Node> {
        match self {
            Self::Text { node, .. } => Some(node.clone().into()),
            Self::Element(shown) => Some(shown.node.clone().into()),
            Self::Many(shown) => shown.iter().find_map(Self::first),
            Self::Live(live) => live.content.borrow().first().or_else(|| live.end.get().cloned()),
            Self::Rows(rows) => Some(rows.first()),
        }
    }

    /// Puts its nodes before this one.
    pub(super) fn move_to(&self, parent: &Node, before: &Node) {
        // It fails only for nodes that somebody else took out of the document.
        let put = |node: &Node| _ = parent.insert_before(node, Some(before));
        match self {
            Self::Text { node, .. } => put(node),
            Self::Element(shown) => put(&shown.node),
            Self::Many(shown) => shown.iter().for_each(|shown| shown.move_to(parent, before)),
            Self::Live(live) => {
                live.content.borrow().move_to(parent, before);
                live.end.get().into_iter().for_each(put);
            }
            Self::Rows(rows) => rows.move_to(parent, before),
        }
    }

    /// Takes it out of the document.
    pub(super) fn remove(self) {
        match self {
            Self::Text { node, .. } => node.remove(),
            Self::Element(shown) => shown.node.remove(),
            Self::Many(shown) => shown.into_iter().for_each(Self::remove),
            Self::Live(live) => {
                // Before its content, which it might change.
                drop(live.effect);
                live.content.replace(Self::Many(Vec::new())).remove();
                remove_node(live.end.get());
            }
            Self::Rows(rows) => rows.remove(),
        }
    }
}

impl ShownElement {
    /// Gives the element back if it is another one than this can become.
    fn patch(&mut self, new: Element) -> Result<(), Box<Element>> {
        let is_same = self.tag == new.tag
            && self.attributes.len() == new.attributes.len()
            && self
                .attributes
                .iter()
                .zip(&new.attributes)
                .all(|(old, new)| (old.kind, old.name) == (new.kind, new.name))
            && matches!(
                (&self.content, &new.content),
                (ShownContent::Trees(_), Content::Trees(_)) | (ShownContent::Fixed(_), Content::Fixed { .. })
            );
        if !is_same {
            return Err(Box::new(new));
        }
        // Those that listen no longer go first: they may hold what the new ones make.
        self.listeners.clear();
        // Setting all classes takes away those that are set one by one, which come after it.
        let mut is_bare = false;
        for (old, new) in self.attributes.iter_mut().zip(new.attributes) {
            match (&mut old.value, new.value) {
                (ShownValue::Still(before), value @ (Value::None | Value::Bare | Value::Text(_))) => {
                    if *before != value || (is_bare && old.kind == Kind::Class) {
                        is_bare |= old.name == "class";
                        set(old.kind, old.name, &value, &self.node);
                        *before = value;
                    }
                }
                (_, value) => {
                    *old = show_attribute(
                        super::Attribute { kind: old.kind, name: old.name, value },
                        &self.node,
                        false,
                    );
                }
            }
        }
        match (&mut self.content, new.content) {
            (ShownContent::Trees(shown), Content::Trees(trees)) => patch_all(shown, trees, &self.node, None),
            (ShownContent::Fixed(before), Content::Fixed { key, make }) if *before != key => {
                self.node.set_text_content(None);
                let place = Rc::new(Place::before(self.node.clone().into(), None));
                for tree in make() {
                    drop(show(tree, &place));
                }
                *before = key;
            }
            _ => {}
        }
        self.listeners = listen(new.listeners, &self.node);
        new.references.into_iter().for_each(|reference| reference.set(Some(self.node.clone())));
        Ok(())
    }
}

/// The last ones first, so that it is known what comes after each.
fn patch_all(shown: &mut Vec<Shown>, trees: Vec<Tree>, parent: &Node, before: Option<&Node>) {
    while shown.len() > trees.len() {
        if let Some(last) = shown.pop() {
            last.remove();
        }
    }
    let mut trees = trees.into_iter();
    let mut kept: Vec<Tree> = trees.by_ref().take(shown.len()).collect();
    let place = Rc::new(Place::before(parent.clone(), before.cloned()));
    let count = shown.len();
    shown.extend(trees.map(|tree| show(tree, &place)));
    let mut before = shown[count..].iter().find_map(Shown::first).or_else(|| before.cloned());
    for shown in shown[..count].iter_mut().rev() {
        if let Some(tree) = kept.pop() {
            shown.patch(tree, parent, before.as_ref());
        }
        before = shown.first().or(before);
    }
}

pub(super) fn remove_node(node: Option<&Node>) {
    if let Some(node) = node
        && let Some(parent) = node.parent_node()
    {
        _ = parent.remove_child(node);
    }
}
