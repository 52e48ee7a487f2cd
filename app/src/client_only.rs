//! A view that the documents of the server never contain.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState};

/// A view that only the browser builds: the server writes the placeholder of an empty view in its place. So the program
/// has no code to hydrate it, which is half the code of a view (`docs/decisions/0036-client-only-views.md`).
pub(crate) struct ClientOnly<V>(pub(crate) V);

impl<V: Render> Render for ClientOnly<V> {
    type State = V::State;

    fn build(self) -> V::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut V::State) {
        self.0.rebuild(state);
    }
}

impl<V: Render + Send + 'static> AddAnyAttr for ClientOnly<V> {
    type Output<NewAttr: Attribute> = Self;

    /// Ignores attributes that are given to a component from outside, because no component with a client-only
    /// view takes any attributes.
    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self::Output<NewAttr> {
        self
    }
}

impl<V: Render + Send + 'static> RenderHtml for ClientOnly<V> {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = <() as RenderHtml>::MIN_LENGTH;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        ().to_html_with_buf(html, position, escape, mark_branches, attributes);
    }

    /// Builds the view before the placeholder.
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> V::State {
        let placeholder = <() as RenderHtml>::hydrate::<FROM_SERVER>((), cursor, position);
        let mut state = self.build();
        placeholder.insert_before_this(&mut state);
        state
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// Returns the view of a lazy part. An update of it replaces all elements, so the part has no code that compares the old
/// view with the new one: an update shows something else, such as another dialog. Signals within the view update it as
/// usual.
pub(crate) fn lazy_view(view: impl Render + Send + 'static) -> AnyView {
    ClientOnly(Replaced(view)).into_any()
}

/// A view of which an update replaces all elements.
struct Replaced<V>(V);

impl<V: Render> Render for Replaced<V> {
    type State = V::State;

    fn build(self) -> V::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut V::State) {
        let mut fresh = self.0.build();
        state.insert_before_this(&mut fresh);
        state.unmount();
        *state = fresh;
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_server_writes_a_placeholder() {
        assert_eq!(view! { <div>{ClientOnly(view! { <p>"later"</p> })}</div> }.to_html(), "<div><!></div>");
    }
}
