//! The operations of the document, by group.

use serde_json::Value;

use super::html::{escaped, prose};
use super::schema;

/// All methods that an OpenAPI document can describe, in the order of the page.
const METHODS: [&str; 8] = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

/// Operations with the same tag.
pub(super) struct Group<'a> {
    name: &'a str,
    about: &'a str,
    operations: Vec<Operation<'a>>,
}

struct Operation<'a> {
    method: &'static str,
    path: &'a str,
    what: &'a Value,
}

/// Returns the groups in the order of the document.
pub(super) fn groups(document: &Value) -> Vec<Group<'_>> {
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(|tag| {
        let name = tag["name"].as_str().unwrap_or_default();
        let about = tag["description"].as_str().unwrap_or_default();
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            let described = METHODS.into_iter().filter(|method| item[method]["tags"][0] == name);
            described.map(|method| Operation { method, path, what: &item[method] })
        });
        Group { name, about, operations: operations.collect() }
    })
    .collect()
}

impl Group<'_> {
    /// Returns the table of contents of the group.
    pub(super) fn contents(&self) -> String {
        let links: String = self
            .operations
            .iter()
            .map(|operation| format!("<li><a href=\"#{}\">{}</a></li>\n", operation.id(), operation.title()))
            .collect();
        format!("<h2>{}</h2>\n<ul>\n{links}</ul>\n", escaped(self.name))
    }

    /// Returns the descriptions of the operations.
    pub(super) fn section(&self, document: &Value, host: &str) -> String {
        let operations: String =
            self.operations.iter().map(|operation| operation.article(document, host)).collect();
        let (name, about) = (escaped(self.name), prose(self.about));
        format!("<section class=\"docs-group\"><h2>{name}</h2>\n<p>{about}</p>\n{operations}</section>\n")
    }
}

impl Operation<'_> {
    fn id(&self) -> String {
        escaped(self.what["operationId"].as_str().unwrap_or_default())
    }

    fn title(&self) -> String {
        escaped(self.what["summary"].as_str().unwrap_or_default())
    }

    fn article(&self, document: &Value, host: &str) -> String {
        let about = self.what["description"].as_str().map(|about| format!("<p>{}</p>\n", prose(about)));
        format!(
            "<article class=\"docs-operation\" id=\"{id}\">\n<h3>{title}</h3>\n\
             <p class=\"docs-address\"><span class=\"docs-method\">{method}</span> <code>{path}</code></p>\n\
             {about}{parameters}{body}{answers}<h4>Example</h4>\n<pre><code>{example}</code></pre>\n</article>\n",
            id = self.id(),
            title = self.title(),
            method = self.method.to_uppercase(),
            path = escaped(self.path).replace('/', "/<wbr>"),
            about = about.unwrap_or_default(),
            parameters = self.parameters(),
            body = self.body(document),
            answers = self.answers(),
            example = escaped(&self.example(document, host)),
        )
    }

    fn parameters(&self) -> String {
        let rows: String = self.what["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| {
                let text = |field: &str| escaped(parameter[field].as_str().unwrap_or_default());
                let optional = if parameter["required"] == true { "" } else { ", optional" };
                format!(
                    "<div><dt><code>{}</code> <span class=\"docs-kind\">{}, in the {}{optional}</span></dt><dd>{}</dd></div>\n",
                    text("name"),
                    schema::kind(&parameter["schema"]),
                    text("in"),
                    text("description"),
                )
            })
            .collect();
        if rows.is_empty() {
            rows
        } else {
            format!("<h4>Parameters</h4>\n<dl class=\"docs-list\">\n{rows}</dl>\n")
        }
    }

    fn body_schema<'a>(&'a self, document: &'a Value) -> Option<&'a Value> {
        let schema = &self.what["requestBody"]["content"]["application/json"]["schema"];
        let name = schema::name(schema);
        name.map(|name| &document["components"]["schemas"][name]).or((!schema.is_null()).then_some(schema))
    }

    fn body(&self, document: &Value) -> String {
        let fields = self.body_schema(document).map(schema::fields);
        fields.map(|fields| format!("<h4>Body</h4>\n{fields}")).unwrap_or_default()
    }

    fn answers(&self) -> String {
        let answers = self.what["responses"].as_object().into_iter().flatten();
        let rows: String = answers
            .map(|(status, response)| {
                let content = response["content"].as_object().and_then(|content| content.values().next());
                let kind = content.map(|content| schema::kind(&content["schema"])).unwrap_or_default();
                let about = prose(response["description"].as_str().unwrap_or_default());
                format!(
                    "<div><dt>{} <span class=\"docs-kind\">{kind}</span></dt><dd>{about}</dd></div>\n",
                    escaped(status)
                )
            })
            .collect();
        format!("<h4>Responses</h4>\n<dl class=\"docs-list\">\n{rows}</dl>\n")
    }

    /// Returns a shell command, with numbers for the parameters of the path.
    fn example(&self, document: &Value, host: &str) -> String {
        let path = self.path.replace("{emoji}", "%F0%9F%91%8D");
        let mut parts = path.split('{');
        let mut path = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            path.push('1');
            path.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
        }
        let mut command = "curl".to_owned();
        match self.method {
            "get" => {}
            // With `-X HEAD`, curl would wait for a body.
            "head" => command.push_str(" --head"),
            method => command.push_str(&format!(" -X {}", method.to_uppercase())),
        }
        command.push_str(&format!(" http://{host}{path}"));
        if self.what["security"].is_null() {
            command.push_str(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
        }
        if let Some(schema) = self.body_schema(document) {
            let body = schema::example(document, schema);
            command.push_str(&format!(" \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'"));
        }
        command
    }
}
