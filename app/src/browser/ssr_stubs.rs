//! Stubs of the browser functions for the server. While a page is rendered, only functions that return a
//! value are called; effects and event handlers do not run.

pub(crate) mod address {
    use crate::route::Route;
    use crate::state::ChatSignals;

    pub(crate) fn start(_chat: ChatSignals) {}

    pub(crate) fn go(_chat: ChatSignals, _route: Route) {}

    pub(crate) fn to_entrance(_chat: ChatSignals) {}
}

pub(crate) mod chat_task {
    use hubbub_client::{Client, Intent};
    use hubbub_protocol::{MessageId, MessageText, RoomName};
    use leptos::prelude::expect_context;

    use crate::state::{ChatSignals, RoomSignals};

    #[derive(Clone, Copy)]
    pub(crate) struct ChatHandle;

    pub(crate) fn use_handle() -> ChatHandle {
        expect_context()
    }

    impl ChatHandle {
        pub(crate) const fn new() -> Self {
            Self
        }

        pub(crate) fn start(self, _client: Client, _chat: ChatSignals) {}

        pub(crate) const fn enter(self, _room: &RoomName, _room_signals: RoomSignals) -> bool {
            false
        }

        pub(crate) fn submit(self, _intent: Intent) {}

        pub(crate) const fn can_post(self) -> bool {
            false
        }

        pub(crate) const fn can_edit(self, _room: &RoomName, _id: MessageId, _text: &MessageText) -> bool {
            false
        }
    }
}

pub(crate) mod clipboard {
    use leptos::ev::MouseEvent;

    pub(crate) fn copy(_text: &str) {}

    pub(crate) fn copy_code(_event: &MouseEvent, _copied: &'static str) {}
}

pub(crate) mod clock {
    use hubbub_protocol::Timestamp;

    use crate::state::timeline_item::LocalContext;

    pub(crate) fn now() -> Timestamp {
        Timestamp::from_millis(0)
    }

    pub(crate) fn here() -> LocalContext {
        LocalContext::of_first_render(None)
    }

    pub(crate) fn after(_millis: u64, _action: impl FnOnce() + 'static) {}

    pub(crate) fn when_idle(_action: impl Fn() + Clone + 'static) {}
}

pub(crate) mod display {
    use crate::display::DisplaySettings;

    pub(crate) fn settings() -> DisplaySettings {
        DisplaySettings::default()
    }

    pub(crate) fn set(_settings: DisplaySettings) {}
}

pub(crate) mod draft_storage {
    use hubbub_protocol::RoomName;
    use leptos::html::Textarea;
    use leptos::prelude::NodeRef;

    use super::chat_task::ChatHandle;
    use crate::state::composer_state::ComposerState;

    pub(crate) fn start(
        _chat: ChatHandle,
        _room: RoomName,
        _composer: ComposerState,
        _field: NodeRef<Textarea>,
    ) {
    }
}

pub(crate) mod recent_emoji {
    pub(crate) fn recent() -> Vec<String> {
        Vec::new()
    }

    pub(crate) fn record(_emoji: &str) {}
}

pub(crate) mod field {
    use leptos::ev::KeyboardEvent;
    use leptos::html::Textarea;
    use leptos::prelude::NodeRef;

    use crate::browser::keys::FieldKey;

    pub(crate) const fn key(_event: &KeyboardEvent) -> Option<FieldKey> {
        None
    }

    pub(crate) fn text(_field: NodeRef<Textarea>) -> String {
        String::new()
    }

    pub(crate) fn set_text(_field: NodeRef<Textarea>, _text: &str) {}

    pub(crate) fn write(_field: NodeRef<Textarea>, _text: &str, _cursor: u32) {}

    pub(crate) fn cursor(_field: NodeRef<Textarea>) -> u32 {
        0
    }

    pub(crate) fn focus(_field: NodeRef<Textarea>) {}

    pub(crate) fn start(_field: NodeRef<Textarea>, _is_linked: bool) {}
}

pub(crate) mod keyboard {
    use leptos::ev::KeyboardEvent;

    pub(crate) fn unless_composing(handler: impl Fn(KeyboardEvent)) -> impl Fn(KeyboardEvent) {
        handler
    }
}

pub(crate) mod modal {
    use leptos::html::{Dialog, Input};
    use leptos::prelude::NodeRef;

    pub(crate) fn show(_dialog: NodeRef<Dialog>, _open: bool) {}

    pub(crate) fn is_open(_dialog: NodeRef<Dialog>) -> bool {
        false
    }

    pub(crate) fn enter(_dialog: NodeRef<Dialog>) {}

    pub(crate) fn focus_first(_field: NodeRef<Input>) {}

    pub(crate) fn reveal(_id: &str) {}
}

pub(crate) mod picked_files {
    use leptos::ev::{ClipboardEvent, DragEvent, Event};

    pub(crate) struct PickedFiles;

    pub(crate) const fn chosen(_event: &Event) -> PickedFiles {
        PickedFiles
    }

    pub(crate) const fn pasted(_event: &ClipboardEvent) -> PickedFiles {
        PickedFiles
    }

    pub(crate) const fn dropped(_event: &DragEvent) -> PickedFiles {
        PickedFiles
    }

    pub(crate) const fn has_files(_event: &DragEvent) -> bool {
        false
    }
}

pub(crate) mod popover {
    use leptos::html::Dialog;
    use leptos::prelude::NodeRef;

    pub(crate) fn show(_dialog: NodeRef<Dialog>, _open: bool) {}

    pub(crate) fn is_open(_id: &str) -> bool {
        false
    }

    pub(crate) fn hide(_id: &str) {}
}

pub(crate) mod focus {
    use leptos::ev::{KeyboardEvent, MouseEvent};

    pub(crate) fn within(_event: &KeyboardEvent, _around: &str, _selector: &str) {}

    pub(crate) fn along(_event: &KeyboardEvent, _around: &str, _selector: &str) {}

    pub(crate) fn person(_event: &MouseEvent) {}
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

pub(crate) mod roving_focus {
    use hubbub_protocol::Seq;
    use leptos::ev::{FocusEvent, KeyboardEvent};
    use leptos::html::Div;
    use leptos::prelude::NodeRef;
    use leptos::web_sys::Event;

    use crate::browser::keys::KeyCommand;

    pub(crate) fn message_of(_event: &Event) -> Option<Seq> {
        None
    }

    pub(crate) fn is_touch(_event: &Event) -> bool {
        false
    }

    pub(crate) fn leaves(_event: &FocusEvent, _log: NodeRef<Div>) -> bool {
        false
    }

    pub(crate) fn by_pointer(_log: NodeRef<Div>) {}

    pub(crate) fn on_key(_event: &KeyboardEvent, _log: NodeRef<Div>) -> Option<KeyCommand> {
        None
    }

    pub(crate) fn focus_soon(_selector: &'static str) {}
}

pub(crate) mod scroll {
    use crate::browser::scroll_event::ScrollArea;

    pub(crate) const fn is_in_view(_seq: hubbub_protocol::Seq) -> bool {
        false
    }

    pub(crate) const fn start(_area: ScrollArea) {}
}

pub(crate) mod offline_shell {
    use crate::RoomPage;

    pub(crate) fn page() -> Option<RoomPage> {
        None
    }
}

pub(crate) mod sidebar_list {
    use leptos::html::Div;
    use leptos::prelude::NodeRef;

    use crate::state::ChatSignals;

    pub(crate) fn keep_in_view(_list: NodeRef<Div>) {}

    pub(crate) fn hold_order(_list: NodeRef<Div>, _chat: ChatSignals, _handle: super::chat_task::ChatHandle) {
    }
}

pub(crate) mod shortcuts {
    use leptos::prelude::RwSignal;

    use crate::state::ChatSignals;
    use crate::state::dialog_kind::DialogKind;

    pub(crate) fn start(_chat: ChatSignals, _dialog_kind: RwSignal<Option<DialogKind>>) {}
}

pub(crate) mod tab {
    pub(crate) fn origin() -> String {
        String::new()
    }

    pub(crate) fn reload() {}

    pub(crate) fn register_service_worker() {}
}

pub(crate) mod title {
    use crate::state::ChatSignals;

    pub(crate) fn start(_chat: ChatSignals) {}
}

pub(crate) mod toast {
    use hubbub_protocol::{Refusal, RoomName};

    use crate::state::ChatSignals;

    pub(crate) fn show(_chat: ChatSignals, _room: RoomName, _refusal: Refusal) {}
}

pub(crate) mod uploads {
    use hubbub_protocol::ClientId;

    pub(crate) const fn discard(_upload_id: ClientId) {}
}

pub(crate) mod file_picking {
    use super::picked_files::PickedFiles;
    use crate::state::composer_state::FileTarget;

    pub(crate) const fn attach(_target: FileTarget, _picked: PickedFiles) {}
}
