//! Where nodes of the document come from.

use std::cell::RefCell;

use leptos::prelude::document;
use wasm_bindgen::{JsCast, intern};
use web_sys::{Element, Node, Text};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A place between two nodes. New ones are put there; or those that the server wrote are taken one after the other.
pub(super) struct Place {
    parent: Node,
    /// Before this one, or at the end.
    next: RefCell<Option<Node>>,
    takes: bool,
}

impl Place {
    /// Puts new nodes before this one.
    pub(super) const fn before(parent: Node, next: Option<Node>) -> Self {
        Self { parent, next: RefCell::new(next), takes: false }
    }

    /// Takes what is there.
    pub(super) fn taking(parent: Node) -> Self {
        let next = parent.first_child();
        Self { parent, next: RefCell::new(next), takes: true }
    }

    /// An element, and whether it was there before.
    pub(super) fn element(&self, tag: &'static str) -> (Element, bool) {
        if let Some(element) = self.next_if(|node: &Element| node.local_name() == tag) {
            return (element, true);
        }
        let document = document();
        // Ours are all HTML, but for pictures.
        let made = match tag {
            "svg" | "path" => document.create_element_ns(Some(intern(SVG)), intern(tag)),
            _ => document.create_element(intern(tag)),
        };
        let element = made.expect("the names of our elements are valid");
        self.put(&element);
        (element, false)
    }

    /// A text. The browser joins texts that stand side by side: what is too long is cut.
    pub(super) fn text(&self, text: &str) -> Text {
        if !text.is_empty()
            && let Some(node) = self.next_if(|_: &Text| true)
        {
            let length = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
            if node.length() > length {
                *self.next.borrow_mut() = node.split_text(length).ok().map(Into::into);
            }
            return node;
        }
        let node = document().create_text_node(text);
        self.put(&node);
        node
    }

    /// A comment, which marks where something ends.
    pub(super) fn end(&self) -> Node {
        if let Some(node) = self.next_if(|node: &Node| node.node_type() == Node::COMMENT_NODE) {
            return node;
        }
        let node: Node = document().create_comment("").into();
        self.put(&node);
        node
    }

    /// Takes away what the server wrote and nobody took.
    pub(super) fn clear_rest(&self) {
        while let Some(rest) = self.next.take() {
            *self.next.borrow_mut() = rest.next_sibling();
            _ = self.parent.remove_child(&rest);
        }
    }

    /// The next node, if it is to be taken and is such a one.
    fn next_if<T: JsCast>(&self, is_it: impl Fn(&T) -> bool) -> Option<T> {
        if !self.takes {
            return None;
        }
        let next = self.next.borrow().clone()?.dyn_into::<T>().ok().filter(is_it)?;
        let after = next.unchecked_ref::<Node>().next_sibling();
        *self.next.borrow_mut() = after;
        Some(next)
    }

    fn put(&self, node: &Node) {
        // It fails only if somebody else took the next one away.
        _ = self.parent.insert_before(node, self.next.borrow().as_ref());
    }
}
