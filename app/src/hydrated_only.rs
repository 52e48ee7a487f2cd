//! A view that the browser only hydrates.

/// Returns a view that is rendered by the server, hydrated, and never built or updated by the browser. So the program
/// has no code for that, which is half the code of a view. Without hydration, the view is returned as it is.
///
/// The browser panics if it has to build or update the view: the caller must use it only where the document contains it,
/// and outside anything that a signal updates.
#[cfg(feature = "hydrate")]
pub(crate) const fn hydrated_only<V>(view: V) -> hydrated::HydratedOnly<V> {
    hydrated::HydratedOnly(view)
}

#[cfg(not(feature = "hydrate"))]
pub(crate) const fn hydrated_only<V>(view: V) -> V {
    view
}

#[cfg(feature = "hydrate")]
mod hydrated {
    use leptos::attr::Attribute;
    use leptos::attr::any_attribute::AnyAttribute;
    use leptos::prelude::*;
    use leptos::tachys::hydration::Cursor;
    use leptos::tachys::view::add_attr::AddAnyAttr;
    use leptos::tachys::view::{Position, PositionState};

    /// The view of [`super::hydrated_only`].
    pub(crate) struct HydratedOnly<V>(pub(super) V);

    impl<V: Render> Render for HydratedOnly<V> {
        type State = V::State;

        fn build(self) -> V::State {
            unreachable!("the document contains this view")
        }

        fn rebuild(self, _: &mut V::State) {
            unreachable!("no signal updates this view")
        }
    }

    impl<V: RenderHtml + 'static> AddAnyAttr for HydratedOnly<V> {
        type Output<NewAttr: Attribute> = Self;

        /// Ignores attributes that are given to a component from outside, because no component with such a view takes
        /// any.
        fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self::Output<NewAttr> {
            self
        }
    }

    impl<V: RenderHtml + 'static> RenderHtml for HydratedOnly<V> {
        type AsyncOutput = Self;
        type Owned = Self;

        const MIN_LENGTH: usize = V::MIN_LENGTH;

        fn dry_resolve(&mut self) {
            self.0.dry_resolve();
        }

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
            self.0.to_html_with_buf(html, position, escape, mark_branches, attributes);
        }

        fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> V::State {
            self.0.hydrate::<FROM_SERVER>(cursor, position)
        }

        fn into_owned(self) -> Self {
            self
        }
    }
}
