//! What elements are written on.

use crate::tree::{Element, Tree};

/// The attributes of an element: names that we wrote, values that anybody may have written.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Elements, in the order of the document. Whatever is opened is closed.
#[derive(Default)]
pub(super) struct Sheet {
    /// What is finished.
    done: Vec<Tree>,
    /// The elements that are written in, each in the one before it.
    open: Vec<Element>,
}

impl Sheet {
    pub(super) fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        let element = Element::new(tag);
        let attributes = attributes.iter();
        let element =
            attributes.fold(element, |element, (name, value)| element.attribute(name, (*value).to_owned()));
        self.open.push(element);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.put(Tree::Text(text.to_owned().into()));
    }

    pub(super) fn line_break(&mut self) {
        self.put(Element::new("br").into());
    }

    pub(super) fn close(&mut self) {
        if let Some(element) = self.open.pop() {
            self.put(element.into());
        }
    }

    /// All that was written.
    pub(super) fn into_trees(self) -> Vec<Tree> {
        self.done
    }

    fn put(&mut self, tree: Tree) {
        match self.open.pop() {
            Some(element) => self.open.push(element.child(tree)),
            None => self.done.push(tree),
        }
    }
}
