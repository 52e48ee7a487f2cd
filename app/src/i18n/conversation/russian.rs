//! Russian. Past-tense verbs depend on the gender of the subject, which is unknown, so these texts avoid
//! them.

use super::{ConversationStrings, split};
use crate::i18n::russian::{date_and_time, plural, since_when};
use crate::i18n::short_count;

pub(in crate::i18n) static STRINGS: ConversationStrings = ConversationStrings {
    joined: |names| format!("Теперь в комнате: {}", list(names)),
    left: |names| format!("Больше не в комнате: {}", list(names)),
    topic_set: |name| format!("Новая тема от {name}:"),
    topic_removed: |name| format!("Тема удалена ({name})"),
    new: "Новое",
    new_since: |since| {
        let noun = plural(since.count.into(), ["новое", "новых", "новых"]);
        format!("{} {noun} {}", short_count(since.count), since_when(since))
    },
    jump_to_end: "В конец",
    deleted: "Сообщение удалено",
    deleted_own: "Вы удалили это сообщение",
    edited: "(изменено)",
    edited_at: |time| format!("Изменено: {}", date_and_time(time)),
    quote_of: |name| format!("Ответ для {name}"),
    quote_deleted: "удалённое сообщение",
    read_by: |names| format!("Прочитали: {}", list(names)),
    me: "вы",
    actions: "Действия с сообщением",
    react: "Отреагировать",
    reply: "Ответить",
    edit: "Изменить",
    delete: "Удалить",
    copy_text: "Скопировать текст",
    copy_link: "Скопировать ссылку на сообщение",
    mark_unread: "Отметить непрочитанными отсюда",
    more: "Ещё",
    ask_delete: "Удалить это сообщение для всех?",
    keep: "Оставить",
    edits: "История изменений",
    edits_show: "Показать историю изменений",
    now: "Сейчас",
    replying_to: |name| format!("Ответ для {name}"),
    editing: "Изменение сообщения",
    save: "Сохранить",
    edit_hint: "Enter — сохранить, Esc — отменить",
    loading_newer: "Загружаются более новые сообщения…",
    typing: |names| match names {
        [] => String::new(),
        [one] => format!("{one} пишет…"),
        [one, two] => format!("{one} и {two} пишут…"),
        many => {
            let count = many.len();
            let noun = plural(u64::try_from(count).unwrap_or(u64::MAX), ["человек", "человека", "человек"]);
            format!("Пишут {count} {noun}…")
        }
    },
};

/// Formats names as `Анна, Бен и ещё 3`.
fn list(names: &[&str]) -> String {
    match (split(names), names) {
        ((named, others @ 1..), _) => format!("{} и ещё {others}", named.join(", ")),
        (_, [before @ .., one, last]) => {
            before.iter().map(|name| format!("{name}, ")).collect::<String>() + &format!("{one} и {last}")
        }
        _ => names.concat(),
    }
}
