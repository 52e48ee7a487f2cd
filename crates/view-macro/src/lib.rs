//! `view!`, with the syntax that leptos has, for the trees of `hubbub-app`.
//!
//! Leptos writes a type for each view, and the compiler a copy of all its code for each type. This one writes
//! calls that make plain data: see `app/src/tree.rs`.

use proc_macro::TokenStream;
use proc_macro2::{Ident, TokenStream as Tokens};
use quote::{quote, quote_spanned};
use rstml::node::{
    KVAttributeValue, KeyedAttribute, KeyedAttributeValue, Node, NodeAttribute, NodeBlock, NodeElement,
    NodeName,
};
use syn::spanned::Spanned;
use syn::{Error, LitStr, Stmt};

/// A tree, written as HTML. Elements are lower case, components begin with a capital, and what stands in braces
/// is an expression. Attributes may be `name=value`, `on:event=handler`, `prop:name=value`, `class:name=whether`,
/// `node_ref=reference` and `inner_html=text`; a component takes `name=value`, or `name` for `name=name`.
/// `<For each key children />` is a list whose rows have keys.
#[proc_macro]
pub fn view(input: TokenStream) -> TokenStream {
    rstml::parse2(input.into())
        .and_then(|nodes| sequence(&nodes))
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// One node is itself, several are a sequence.
fn sequence(nodes: &[Node]) -> Result<Tokens, Error> {
    let trees: Vec<Tokens> =
        nodes.iter().filter_map(|node| tree(node).transpose()).collect::<Result<_, _>>()?;
    Ok(match &trees[..] {
        [only] => quote! { #only },
        _ => quote! { crate::tree::Tree::Many(::std::vec![#(#trees),*]) },
    })
}

fn tree(node: &Node) -> Result<Option<Tokens>, Error> {
    Ok(Some(match node {
        Node::Comment(_) => return Ok(None),
        Node::Element(element) => match component(element.name()) {
            Some(name) if name == "For" => list(element)?,
            Some(name) => made_by(element, name)?,
            None => self::element(element)?,
        },
        Node::Fragment(fragment) => sequence(&fragment.children)?,
        Node::Block(block) => {
            let value = bare(block);
            quote_spanned! { block.span() => crate::tree::IntoTree::into_tree(#value) }
        }
        Node::Text(text) => {
            let text = &text.value;
            quote! { crate::tree::Tree::from(#text) }
        }
        other => return Err(Error::new(other.span(), "a view has no such node")),
    }))
}

/// What stands in braces, without them if it is one expression.
fn bare(block: &NodeBlock) -> Tokens {
    if let NodeBlock::ValidBlock(block) = block
        && let [Stmt::Expr(value, None)] = &block.stmts[..]
    {
        return quote! { #value };
    }
    quote! { #block }
}

/// The name of a component.
fn component(name: &NodeName) -> Option<&Ident> {
    let NodeName::Path(path) = name else { return None };
    let name = path.path.get_ident()?;
    name.to_string().starts_with(char::is_uppercase).then_some(name)
}

fn element(element: &NodeElement<rstml::Infallible>) -> Result<Tokens, Error> {
    let tag = plain(element.name());
    let tag = LitStr::new(&tag, element.name().span());
    let mut made = quote! { crate::tree::Element::new(#tag) };
    for (name, attribute) in attributes(element)? {
        let value = attribute.value().map_or_else(|| quote! { true }, |value| quote! { #value });
        let span = attribute.key.span();
        let call = match name.split_once(':') {
            Some(("on", event)) => {
                let event = Ident::new(event, span);
                quote_spanned! { span => .on(::leptos::ev::#event, #value) }
            }
            Some(("prop", name)) => quote_spanned! { span => .property(#name, #value) },
            Some(("class", name)) => quote_spanned! { span => .class(#name, #value) },
            _ if name == "node_ref" => quote_spanned! { span => .node_ref(#value) },
            _ if name == "inner_html" => quote_spanned! { span => .inner_html(#value) },
            _ => quote_spanned! { span => .attribute(#name, #value) },
        };
        made.extend(call);
    }
    for child in &element.children {
        if let Some(child) = tree(child)? {
            made.extend(quote! { .child(#child) });
        }
    }
    Ok(quote! { crate::tree::Tree::from(#made) })
}

fn made_by(element: &NodeElement<rstml::Infallible>, name: &Ident) -> Result<Tokens, Error> {
    let mut props = Tokens::new();
    for (prop, attribute) in attributes(element)? {
        let prop = Ident::new(&prop, attribute.key.span());
        let value = attribute.value().map_or_else(|| quote! { #prop }, |value| quote! { #value });
        props.extend(quote! { .#prop(#value) });
    }
    if let Some(child) = element.children.first() {
        return Err(Error::new(child.span(), "components have no children here"));
    }
    Ok(quote! {
        ::leptos::component::component_view(
            #name,
            ::leptos::component::component_props_builder(&#name)#props.build(),
        )
    })
}

/// `<For each key children />`.
fn list(element: &NodeElement<rstml::Infallible>) -> Result<Tokens, Error> {
    let attributes = attributes(element)?;
    let value = |wanted: &str| {
        let found = attributes.iter().find(|(name, _)| name == wanted);
        found.and_then(|(_, attribute)| attribute.value()).ok_or_else(|| {
            Error::new(element.name().span(), format!("a list of rows with keys needs `{wanted}`"))
        })
    };
    let (each, key, children) = (value("each")?, value("key")?, value("children")?);
    Ok(quote! { crate::tree::rows(#each, #key, #children) })
}

/// The attributes with their names.
fn attributes(element: &NodeElement<rstml::Infallible>) -> Result<Vec<(String, &KeyedAttribute)>, Error> {
    let named = element.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(attribute) => match &attribute.possible_value {
            KeyedAttributeValue::None => Ok((plain(&attribute.key), attribute)),
            KeyedAttributeValue::Value(value) if matches!(value.value, KVAttributeValue::Expr(_)) => {
                Ok((plain(&attribute.key), attribute))
            }
            _ => Err(Error::new(attribute.span(), "an attribute is `name=value`")),
        },
        NodeAttribute::Block(block) => Err(Error::new(block.span(), "an attribute has a name")),
    });
    named.collect()
}

/// A name as it is in HTML: words that Rust keeps for itself are written `r#as`.
fn plain(name: &NodeName) -> String {
    name.to_string().replace("r#", "").replace(' ', "")
}
