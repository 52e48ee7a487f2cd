//! The browser as the server has it: none. Nothing here is called while a page is rendered, except what
//! asks for a value; effects and handlers run in the browser only.

pub(crate) mod address {
    use crate::chat::Chat;
    use crate::place::Place;

    pub(crate) fn start(_chat: Chat) {}

    pub(crate) fn go(_chat: Chat, _place: Place) {}

    pub(crate) fn to_entrance(_chat: Chat) {}
}

pub(crate) mod chat_task {
    use hubbub_client::{Client, Intent};
    use hubbub_protocol::RoomName;

    use crate::chat::{Chat, RoomPicture};

    pub(crate) fn start(_client: Client, _chat: Chat) {}

    pub(crate) fn enter(_room: &RoomName, _picture: RoomPicture) -> bool {
        false
    }

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

pub(crate) mod modal {
    use leptos::html::{Dialog, Input};
    use leptos::prelude::NodeRef;

    pub(crate) fn show(_dialog: NodeRef<Dialog>, _open: bool) {}

    pub(crate) fn focus_first(_field: NodeRef<Input>) {}

    pub(crate) fn reveal(_id: &str) {}
}

pub(crate) mod random {
    use hubbub_protocol::ClientId;

    pub(crate) fn seed() -> u64 {
        0
    }

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

pub(crate) mod shell {
    use crate::RoomPage;

    pub(crate) fn page() -> Option<RoomPage> {
        None
    }
}

pub(crate) mod shortcuts {
    use leptos::prelude::RwSignal;

    use crate::chat::Chat;
    use crate::components::dialogs::Overlay;

    pub(crate) fn start(_chat: Chat, _overlay: RwSignal<Option<Overlay>>) {}
}

pub(crate) mod tab {
    pub(crate) fn origin() -> String {
        String::new()
    }

    pub(crate) fn reload() {}

    pub(crate) fn keep_shell() {}

    pub(crate) fn is_still() -> bool {
        false
    }

    pub(crate) fn keep_still(_still: bool) {}
}

pub(crate) mod title {
    use crate::chat::Chat;

    pub(crate) fn start(_chat: Chat) {}
}
