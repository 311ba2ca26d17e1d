//! Turns egui's tree into elements.
//!
//! egui says what each widget is, but mostly not what belongs together. So rows are put into the
//! list that they lie in, and adjacent tabs into a tab list.

use std::borrow::Cow;
use std::collections::HashMap;

use egui::Role;
use egui::accesskit::{Action, HasPopup, Node, NodeId, Orientation, Toggled, TreeUpdate};

use super::{Active, Element, Field, Key, Page, Place, Tag};

impl Page {
    /// The page for a whole tree, as egui provides one with each frame.
    pub(crate) fn new(update: &TreeUpdate) -> Self {
        let Some(tree) = &update.tree else {
            return Self::default();
        };
        let nodes: HashMap<NodeId, &Node> = update.nodes.iter().map(|(id, it)| (*id, it)).collect();
        let builder = Builder { nodes };
        let elements = builder.children(tree.root, Inside::Page);
        let focus = Key(update.focus.0);
        let active = find(&elements, focus).map(|it| builder.active(&elements, it));
        Self { elements, active }
    }
}

fn find(elements: &[Element], key: Key) -> Option<&Element> {
    elements.iter().find_map(|it| {
        if it.key == key {
            Some(it)
        } else {
            find(&it.children, key)
        }
    })
}

/// What a node is inside of, where that affects its role.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Page,
    Menu,
    ListBox,
}

struct Builder<'a> {
    nodes: HashMap<NodeId, &'a Node>,
}

impl Builder<'_> {
    /// Where keyboard focus is when egui reports it on this element.
    fn active(&self, elements: &[Element], focused: &Element) -> Active {
        if focused.tag == Tag::Div {
            // A list's focus is on a row, and there on its cell: Orca takes a focused row for any
            // row that goes out of sight.
            let row = if focused.has_role("grid") {
                focused.chosen()
            } else {
                Some(focused).filter(|it| it.has_role("row"))
            };
            let cell = row.and_then(|it| it.children.first());
            return Active {
                key: cell.unwrap_or(focused).key,
                field: None,
            };
        }
        // A field's focus is on the suggestion chosen, if any.
        let node = self.nodes.get(&NodeId(focused.key.0));
        let offers = node.and_then(|node| node.controls().first());
        let offers = offers.and_then(|id| find(elements, Key(id.0)));
        Active {
            key: offers.and_then(Element::chosen).unwrap_or(focused).key,
            field: Some(Field {
                name: focused.attribute("aria-label").to_owned(),
                offers: offers.map(|it| it.key),
            }),
        }
    }

    fn children(&self, id: NodeId, inside: Inside) -> Vec<Element> {
        let mut elements = Vec::new();
        for child in self.nodes.get(&id).map_or(&[][..], |it| it.children()) {
            self.add(*child, inside, &mut elements);
        }
        arranged(elements)
    }

    fn add(&self, id: NodeId, inside: Inside, elements: &mut Vec<Element>) {
        let Some(node) = self.nodes.get(&id) else {
            return;
        };
        let inner = match node.role() {
            Role::Menu if self.is_menu(node) => Inside::Menu,
            Role::ListBox => Inside::ListBox,
            Role::Menu | Role::Dialog | Role::List => Inside::Page,
            _ => inside,
        };
        if matches!(node.role(), Role::TextRun | Role::Tooltip) {
            // A tooltip's text is already its widget's description.
            return;
        }
        let children = self.children(id, inner);
        match self.element(id, node, inner) {
            None => elements.extend(children),
            Some(mut element) if element.is_container() => {
                element.children = children;
                // The words before radio buttons are already their name.
                if element.has_role("radiogroup") {
                    let name = element.attribute("aria-label").to_owned();
                    element.children.retain(|it| it.text != name);
                }
                if !element.children.is_empty() || element.has_own_words() {
                    elements.push(element);
                }
            }
            // What a button opens is not a child of the button.
            Some(element) => {
                // The title of a section is a button in a heading.
                let element = if node.level().is_some() && element.has_role("button") {
                    let mut heading = element.inside("heading");
                    heading.set_level(node);
                    heading
                } else {
                    element
                };
                elements.push(element);
                elements.extend(children);
            }
        }
    }

    /// Whether a menu holds only roles that ARIA allows in a menu.
    fn is_menu(&self, node: &Node) -> bool {
        node.children().iter().all(|id| {
            let Some(child) = self.nodes.get(id) else {
                return true;
            };
            let is_other = matches!(
                child.role(),
                Role::TextInput
                    | Role::MultilineTextInput
                    | Role::Slider
                    | Role::SpinButton
                    | Role::ComboBox
                    | Role::Link
            );
            !is_other && self.is_menu(child)
        })
    }

    /// The element for a node alone; `None` if it only holds others, or has nothing to say.
    fn element(&self, id: NodeId, node: &Node, inside: Inside) -> Option<Element> {
        let (role, tag) = role(node, inside)?;
        let mut element = Element {
            key: Key(id.0),
            tag,
            attributes: Vec::new(),
            text: String::new(),
            place: node.bounds().map(|it| {
                #[expect(clippy::cast_possible_truncation, reason = "egui counts in f32")]
                [it.x0, it.y0, it.width(), it.height()].map(|it| it as f32)
            }),
            children: Vec::new(),
        };
        if node.role() == Role::Label {
            node.value()?.clone_into(&mut element.text);
            return Some(element);
        }
        if node.role() == Role::Heading {
            node.label()?.clone_into(&mut element.text);
            element.set("role", role);
            element.set_level(node);
            return Some(element);
        }
        if tag == Tag::Div {
            element.set("role", role);
        }
        if node.role() == Role::Dialog && role == "dialog" {
            element.set("aria-modal", "true");
        }
        let mut name = self.name(node);
        let value = node.value().filter(|it| !it.is_empty());
        match (node.role(), value) {
            // A button that opens a list shows the chosen item.
            (Role::ComboBox, Some(value)) => {
                name = Some(match name {
                    Some(name) if name != value => format!("{name}, {value}"),
                    _ => value.to_owned(),
                });
                element.set("aria-haspopup", "listbox");
            }
            (_, Some(value)) if tag != Tag::Div => value.clone_into(&mut element.text),
            (_, Some(value)) => element.set("aria-valuetext", value.to_owned()),
            (_, None) => {}
        }
        // The tooltip of an icon begins with its name.
        let description = node.description().map(|it| {
            let rest = name.as_deref().and_then(|name| it.strip_prefix(name));
            rest.and_then(|it| it.strip_prefix(": ")).unwrap_or(it)
        });
        let description = description.filter(|it| name.as_deref() != Some(*it));
        if let Some(name) = name {
            element.set("aria-label", name);
        }
        if let Some(description) = description {
            element.set("aria-description", description.to_owned());
        }
        if let Some(hint) = node.placeholder().filter(|it| !it.is_empty()) {
            element.set("placeholder", hint.to_owned());
        }
        if tag == Tag::Input && node.has_popup() == Some(HasPopup::Listbox) {
            element.set("role", "combobox");
            element.set("aria-autocomplete", "list");
            let offers = node.controls().first();
            if let Some(offers) = offers.filter(|id| self.nodes.contains_key(id)) {
                element.set("aria-controls", Key(offers.0).element_id());
            }
        }
        states(&mut element, role, node);
        if node.supports_action(Action::Focus) || node.supports_action(Action::Click) {
            // Focusable by assistive technology; Tab stays with the canvas.
            element.set("tabindex", "-1");
        }
        Some(element)
    }

    fn name(&self, node: &Node) -> Option<String> {
        let own = node.label().filter(|it| !it.is_empty());
        own.map(ToOwned::to_owned).or_else(|| {
            let labels = node.labelled_by().iter().filter_map(|id| {
                let label = self.nodes.get(id)?;
                label.label().or_else(|| label.value())
            });
            let words = labels.collect::<Vec<_>>().join(" ");
            (!words.is_empty()).then_some(words)
        })
    }
}

/// The ARIA role and kind of element of a node; `None` if it only holds others, or is useless
/// without a pointer.
fn role(node: &Node, inside: Inside) -> Option<(&'static str, Tag)> {
    let is_checkable = node.toggled().is_some();
    let role = match node.role() {
        Role::TextInput | Role::SearchInput | Role::PasswordInput => return Some(("", Tag::Input)),
        Role::MultilineTextInput => return Some(("", Tag::TextArea)),
        Role::Label => "",
        Role::Button | Role::DefaultButton if inside == Inside::ListBox => "option",
        Role::Button | Role::DefaultButton | Role::CheckBox if inside == Inside::Menu => {
            if is_checkable {
                "menuitemcheckbox"
            } else {
                "menuitem"
            }
        }
        Role::DisclosureTriangle if inside == Inside::Menu => "menuitem",
        // The column titles are above the list, not in it; they sort it.
        Role::Button
        | Role::DefaultButton
        | Role::DisclosureTriangle
        | Role::ComboBox
        | Role::ColumnHeader => "button",
        Role::CheckBox => "checkbox",
        Role::RadioButton if inside == Inside::Menu => "menuitemradio",
        Role::RadioGroup if inside == Inside::Menu => "group",
        Role::RadioButton => "radio",
        Role::RadioGroup => "radiogroup",
        Role::Switch => "switch",
        Role::Link => "link",
        Role::Tab => "tab",
        Role::List => "group",
        Role::ListItem => "row",
        Role::Menu if inside == Inside::Menu => "menu",
        Role::Menu | Role::Dialog | Role::AlertDialog => "dialog",
        Role::ListBox => "listbox",
        Role::Slider => "slider",
        Role::SpinButton => "spinbutton",
        Role::ProgressIndicator => "progressbar",
        Role::Status => "status",
        Role::Heading => "heading",
        Role::Image => "img",
        Role::Splitter if node.supports_action(Action::Focus) => "separator",
        Role::ScrollBar if node.label().is_some() => "img",
        Role::Unknown if node.supports_action(Action::Click) && node.label().is_some() => "button",
        _ => return None,
    };
    Some((role, Tag::Div))
}

fn states(element: &mut Element, role: &str, node: &Node) {
    let toggled = node.toggled().map(|it| match it {
        Toggled::True => "true",
        Toggled::False => "false",
        Toggled::Mixed => "mixed",
    });
    let expanded = node
        .is_expanded()
        .map(|it| if it { "true" } else { "false" });
    // Whether a triangle is unfolded is egui's "toggled".
    let (expanded, toggled) = match node.role() {
        Role::DisclosureTriangle => (expanded.or(toggled), None),
        _ => (expanded, toggled),
    };
    if let Some(expanded) = expanded {
        element.set("aria-expanded", expanded);
    }
    if let Some(toggled) = toggled {
        let name = match role {
            "tab" | "row" | "option" => "aria-selected",
            "button" => "aria-pressed",
            _ => "aria-checked",
        };
        element.set(name, toggled);
    }
    if node.aria_current() == Some(egui::accesskit::AriaCurrent::True) {
        element.set("aria-current", "true");
    }
    if node.is_multiselectable() {
        element.set("aria-multiselectable", "true");
    }
    if node.is_disabled() {
        element.set("aria-disabled", "true");
        if element.tag != Tag::Div {
            element.set("readonly", "");
        }
    }
    if node.invalid().is_some() {
        element.set("aria-invalid", "true");
    }
    if role == "status" {
        // Its numbers change all the time.
        element.set("aria-live", "off");
    }
    if role == "separator" && node.orientation() == Some(Orientation::Vertical) {
        // Without this, it would be one that moves up and down.
        element.set("aria-orientation", "vertical");
    }
    let numbers = [
        ("aria-valuenow", node.numeric_value()),
        ("aria-valuemin", node.min_numeric_value()),
        ("aria-valuemax", node.max_numeric_value()),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            element.set(name, number.to_string());
        }
    }
    if let Some(count) = node.row_count() {
        element.set("aria-rowcount", count.to_string());
    }
    if let Some(index) = node.row_index() {
        // ARIA counts from 1.
        element.set("aria-rowindex", (index + 1).to_string());
    }
}

/// Elements higher than this, in points, are not on a line with others.
const LINE_HEIGHT: f32 = 32.0;

/// Sorts elements on one line into visual order: bars are partly drawn from right to left. Elements
/// not on one line, such as adjacent panes, keep the order in which they were drawn.
fn lined_up(mut elements: Vec<Element>) -> Vec<Element> {
    let mut start = 0;
    while let Some(rest) = elements.get(start..).filter(|it| !it.is_empty()) {
        let first = rest.first();
        let is_in_line = |it: &&Element| first.is_some_and(|first| first.is_beside(it));
        let count = rest.iter().take_while(is_in_line).count();
        if let Some(line) = elements.get_mut(start..start + count) {
            line.sort_by(|a, b| a.left().total_cmp(&b.left()));
        }
        start += count.max(1);
    }
    elements
}

/// Puts adjacent tabs into a tab list, and rows into their list.
fn arranged(elements: Vec<Element>) -> Vec<Element> {
    let elements = lined_up(elements);
    let mut arranged: Vec<Element> = Vec::with_capacity(elements.len());
    for element in elements {
        let last = arranged.last_mut();
        if element.has_role("tab") || element.has_role("tablist") {
            let tabs = if element.has_role("tab") {
                element.inside("tablist")
            } else {
                element
            };
            if let Some(beside) = last.filter(|it| it.has_role("tablist") && it.is_beside(&tabs)) {
                beside.place = united(beside.place, tabs.place);
                beside.children.extend(tabs.children);
            } else {
                arranged.push(tabs);
            }
        } else if let Some(list) = last.filter(|it| it.holds(&element)) {
            list.take_in(element);
        } else {
            arranged.push(element);
        }
    }
    arranged
}

fn united(a: Option<Place>, b: Option<Place>) -> Option<Place> {
    let (Some([ax, ay, aw, ah]), Some([bx, by, bw, bh])) = (a, b) else {
        return a.or(b);
    };
    let (x, y) = (ax.min(bx), ay.min(by));
    let (right, bottom) = ((ax + aw).max(bx + bw), (ay + ah).max(by + bh));
    Some([x, y, right - x, bottom - y])
}

/// Whether the center of `b` is in `a`.
fn is_in(a: Option<Place>, b: Option<Place>) -> bool {
    let (Some([ax, ay, aw, ah]), Some([bx, by, bw, bh])) = (a, b) else {
        return false;
    };
    let (x, y) = (bx + bw / 2.0, by + bh / 2.0);
    (ax..=ax + aw).contains(&x) && (ay..=ay + ah).contains(&y)
}

impl Key {
    /// The key of an element made up around or in this one.
    fn derived(self) -> Self {
        // egui's ids are hashes, so no other will have this value.
        Self(self.0.rotate_left(17) ^ 0x9E37_79B9_7F4A_7C15)
    }
}

impl Element {
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<Cow<'static, str>>) {
        let value = value.into();
        match self.attributes.iter_mut().find(|(it, _)| *it == name) {
            Some(known) => known.1 = value,
            None => self.attributes.push((name, value)),
        }
    }

    pub(super) fn attribute(&self, name: &str) -> &str {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(it, _)| *it == name)
            .map_or("", |(_, value)| &**value)
    }

    pub(super) fn has_role(&self, role: &str) -> bool {
        self.attribute("role") == role
    }

    /// The selected child; if several are selected, the one whose details are shown.
    fn chosen(&self) -> Option<&Self> {
        let has = |name| self.children.iter().find(|child| child.is_true(name));
        has("aria-current").or_else(|| has("aria-selected"))
    }

    /// Sets its level among the headings.
    fn set_level(&mut self, node: &Node) {
        if let Some(level) = node.level() {
            self.set("aria-level", level.to_string());
        }
    }

    /// An element with this role around this one alone.
    fn inside(self, role: &'static str) -> Self {
        let mut outer = Self {
            key: self.key.derived(),
            tag: Tag::Div,
            attributes: Vec::new(),
            text: String::new(),
            place: self.place,
            children: vec![self],
        };
        outer.set("role", role);
        outer
    }

    fn is_true(&self, name: &str) -> bool {
        self.attribute(name) == "true"
    }

    /// Its top and bottom, if it is no higher than a line and can be on one.
    fn line(&self) -> Option<(f32, f32)> {
        let [_, top, _, height] = self.place?;
        let is_row = self.has_role("row");
        (height <= LINE_HEIGHT && !is_row).then_some((top, top + height))
    }

    /// Whether both are on one line.
    fn is_beside(&self, other: &Self) -> bool {
        match (self.line(), other.line()) {
            (Some((top, bottom)), Some(other)) => {
                (top..=bottom).contains(&f32::midpoint(other.0, other.1))
            }
            _ => false,
        }
    }

    fn left(&self) -> f32 {
        self.place.map_or(0.0, |[left, ..]| left)
    }

    /// Whether the element can have children.
    fn is_container(&self) -> bool {
        let role = self.attribute("role");
        [
            "group",
            "radiogroup",
            "row",
            "menu",
            "dialog",
            "listbox",
            "status",
        ]
        .contains(&role)
    }

    /// Whether the element has a name or text of its own.
    fn has_own_words(&self) -> bool {
        !self.text.is_empty() || !self.attribute("aria-label").is_empty() || self.tag != Tag::Div
    }

    /// Whether the element is a list that `other`, which comes after it, belongs to.
    fn holds(&self, other: &Self) -> bool {
        let is_list = ["grid", "group", "status"]
            .iter()
            .any(|it| self.has_role(it));
        // Rows go on below the panel, where they are not painted, and under its status bar and the
        // details.
        if !is_list || other.has_role("status") || other.has_role("separator") {
            return false;
        }
        match self.children.last() {
            // Elements inside a row; what follows the rows does not belong to the list.
            Some(last) if last.has_role("row") => {
                other.has_role("row") || is_in(last.place, other.place)
            }
            _ => other.has_role("row") || is_in(self.place, other.place),
        }
    }

    /// Takes an element as a child.
    fn take_in(&mut self, mut other: Self) {
        if other.has_role("row") {
            // A list of selectable rows.
            self.set("role", "grid");
            let mut cell = Self {
                key: other.key.derived(),
                tag: Tag::Div,
                attributes: Vec::new(),
                text: other.attribute("aria-label").to_owned(),
                place: None,
                children: std::mem::take(&mut other.children),
            };
            cell.set("role", "gridcell");
            // The cell has the keyboard, so it also says whether what belongs to it is unfolded.
            if let Some(at) = (other.attributes.iter()).position(|it| it.0 == "aria-expanded") {
                cell.attributes.push(other.attributes.remove(at));
            }
            // Focusable, like its row.
            cell.set("tabindex", "-1");
            other.children = vec![cell];
            self.children.push(other);
            return;
        }
        match self.children.last_mut() {
            Some(row) if row.has_role("row") => {
                if let Some(cell) = row.children.first_mut() {
                    cell.children.push(other);
                }
            }
            _ => self.children.push(other),
        }
    }
}
