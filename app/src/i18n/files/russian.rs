//! The Russian texts of attachments.

use hubbub_protocol::format_size;

use super::FileStrings;

pub(in crate::i18n) static STRINGS: FileStrings = FileStrings {
    attachments: "Вложения",
    size: |bytes| format_size(bytes, ',', ["Б", "КБ", "МБ", "ГБ", "ТБ"]),
    attach: "Прикрепить файлы",
    attached: |count| format!("Прикреплено файлов: {count}"),
    drop_here: "Отпустите файлы, чтобы прикрепить их",
    remove: |name| format!("Убрать {name}"),
    waiting: "ожидает отправки",
    adding: "Файлы ещё добавляются. Отправьте сообщение, когда они появятся.",
    progress: |sent, size| format!("{sent} из {size}"),
    too_many: |limit| format!("В сообщении может быть не больше {limit} файлов."),
    too_large: |name, limit| format!("{name}: файл слишком большой, можно не больше {limit}."),
    storage_full_here: "Файлы, которые ждут отправки в этом браузере, заняли бы больше 200 МБ. Подождите, пока отправятся другие.",
    not_stored: "Браузер не может сохранить файл, поэтому он не прикреплён.",
    not_loaded: "В первый раз для прикрепления файлов нужно соединение. Попробуйте, когда оно появится.",
    too_large_here: |limit| format!("Файл слишком большой: можно не больше {limit}."),
    storage_full: "На сервере больше нет места для ваших файлов.",
    content_missing: "В браузере больше нет этого файла. Уберите его и выберите снова.",
    lost: "На сервере больше нет этих файлов. Кнопка «Повторить» загрузит их снова.",
    refused: "Сервер не принял файл.",
};
