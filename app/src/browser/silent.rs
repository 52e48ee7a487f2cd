//! The browser as the server has it: none. Nothing here is called while a page is rendered, except what
//! asks for a value; effects and handlers run in the browser only.

pub(crate) mod chat_task {
    use hubbub_client::Intent;

    use crate::RoomPage;
    use crate::chat::Chat;

    pub(crate) fn start(_page: &RoomPage, _chat: Chat) {}

    pub(crate) fn submit(_intent: Intent) {}

    pub(crate) fn can_post() -> bool {
        false
    }
}

pub(crate) mod clipboard {
    pub(crate) fn copy(_text: &str) {}
}

pub(crate) mod clock {
    use hubbub_protocol::Timestamp;

    pub(crate) fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    pub(crate) fn after(_millis: u64, _action: impl FnOnce() + 'static) {}
}

pub(crate) mod draft_keeper {
    use leptos::html::Textarea;
    use leptos::prelude::{NodeRef, RwSignal};

    use crate::RoomPage;

    pub(crate) fn start(_page: &RoomPage, _draft: RwSignal<String>, _field: NodeRef<Textarea>) {}
}

pub(crate) mod field {
    use leptos::ev::KeyboardEvent;
    use leptos::html::Textarea;
    use leptos::prelude::NodeRef;

    pub(crate) fn text(_field: NodeRef<Textarea>) -> String {
        String::new()
    }

    pub(crate) fn set_text(_field: NodeRef<Textarea>, _text: &str) {}

    pub(crate) fn focus(_field: NodeRef<Textarea>) {}

    pub(crate) fn submit(_field: NodeRef<Textarea>) {}

    pub(crate) fn is_send_key(_event: &KeyboardEvent) -> bool {
        false
    }
}

pub(crate) mod random {
    use hubbub_protocol::ClientId;

    pub(crate) fn client_id() -> ClientId {
        ClientId::from_random_bytes([0; 16])
    }
}

pub(crate) mod scroll {
    use leptos::html::Div;
    use leptos::prelude::{Callback, NodeRef, RwSignal};

    pub(crate) fn start(
        _scroller: NodeRef<Div>,
        _content: NodeRef<Div>,
        _at_end: RwSignal<bool>,
        _on_near_top: Callback<()>,
    ) {
    }

    pub(crate) fn to_end(_scroller: NodeRef<Div>) {}
}

pub(crate) mod tab {
    pub(crate) fn origin() -> String {
        String::new()
    }

    pub(crate) fn reload() {}
}
