//! The view that writes its own elements.

use hubbub_markup::parse;
use hubbub_protocol::{UserId, UserName};
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::renderer::{CastFrom, Rndr};
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

use super::sheet::{Document, Html, Sheet};
use super::walk;

const TAG: &str = "div";

/// A text, and what else decides how it looks.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) text: String,
    /// What the button beside code says.
    pub(super) copy: &'static str,
    pub(super) me: Option<UserName>,
    pub(super) acting_as: Option<UserId>,
}

/// The element it was written in.
pub(super) struct WrittenState {
    root: Element,
    shown: Written,
}

impl Written {
    fn write(&self, sheet: &mut impl Sheet) {
        walk::blocks(&parse(&self.text).blocks, self, sheet);
    }
}

impl Render for Written {
    type State = WrittenState;

    fn build(self) -> Self::State {
        let root = Rndr::create_element(TAG, None);
        self.write(&mut Document::within(&root));
        WrittenState { root, shown: self }
    }

    fn rebuild(self, state: &mut Self::State) {
        if self != state.shown {
            Rndr::clear_children(&state.root);
            self.write(&mut Document::within(&state.root));
            state.shown = self;
        }
    }
}

impl RenderHtml for Written {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 2 * TAG.len() + 5;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self::AsyncOutput {
        self
    }

    fn html_len(&self) -> usize {
        Self::MIN_LENGTH + self.text.len()
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        let mut html = Html(buf);
        html.open(TAG, &[]);
        self.write(&mut html);
        html.close(TAG);
        *position = Position::NextChild;
    }

    /// Takes the element over; what is in it is not looked at, for nothing there ever changes by itself.
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        position.set(Position::NextChild);
        match Element::cast_from(cursor.current()) {
            Some(root) => WrittenState { root, shown: self },
            // Somebody else changed the document; a message of its own is better than none.
            None => self.build(),
        }
    }

    fn into_owned(self) -> Self::Owned {
        self
    }
}

/// Attributes given from outside belong to the element around it.
impl AddAnyAttr for Written {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _attr: NewAttr) -> Self::Output<NewAttr>
    where
        Self::Output<NewAttr>: RenderHtml,
    {
        self
    }
}

impl Mountable for WrittenState {
    fn unmount(&mut self) {
        Rndr::remove(&self.root);
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        Rndr::insert_node(parent, &self.root, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = Rndr::get_parent(&self.root).and_then(Element::cast_from);
        parent.is_some_and(|parent| {
            child.mount(&parent, Some(&self.root));
            true
        })
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.root.clone()]
    }
}
