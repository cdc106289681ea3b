//! What is wrong with a publication: at which stage, by which rule, where, and how to mend it. Codes
//! are stable; sentences are for whoever wrote the schema, and never name another party or what is
//! another's.

use std::collections::BTreeMap;

use async_graphql::Enum;
use composer::Position;

use crate::refusal::Language;

/// The stages of a publication, in their order (bước kiểm tra). A stage is reached when the one before
/// it found nothing.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Its size and form (giới hạn).
    Caps,
    /// Its syntax (cú pháp).
    Parse,
    /// Who may say what (quyền sở hữu).
    Ownership,
    /// Whether it fits with the rest of the graph (ghép đồ thị).
    Composition,
    /// What it takes away from the served graph (thay đổi).
    Changes,
    /// Whether operations that are in use go on working (thao tác đang dùng).
    Operations,
    /// Whether the endpoint does what the schema says (thử trực tiếp).
    Probe,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub stage: Stage,
    pub code: Code,
    /// What it is about, such as `Commune.vidutel`; empty for the whole.
    pub coordinate: String,
    pub at: Option<Position>,
    params: BTreeMap<&'static str, String>,
}

impl Problem {
    #[must_use]
    pub fn about(mut self, coordinate: impl Into<String>) -> Self {
        self.coordinate = coordinate.into();
        self
    }

    #[must_use]
    pub const fn at(mut self, at: Position) -> Self {
        self.at = Some(at);
        self
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }

    pub fn message(&self, language: Language) -> String {
        self.fill(self.code.message(language))
    }

    pub fn hint(&self, language: Language) -> String {
        self.fill(self.code.hint(language))
    }

    fn fill(&self, template: &str) -> String {
        let mut text = template.to_owned();
        for (name, value) in &self.params {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text.replace("{what}", &self.coordinate)
    }
}

macro_rules! codes {
    ($($stage:ident { $($variant:ident $vi:literal $en:literal, $hint_vi:literal $hint_en:literal;)+ })+) => {
        /// Which rule a publication breaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($($variant),+),+ }

        impl Code {
            pub const ALL: &[Self] = &[$($(Self::$variant),+),+];

            pub const fn stage(self) -> Stage {
                match self { $($(Self::$variant => Stage::$stage),+),+ }
            }

            /// The name in capitals.
            pub fn name(self) -> String {
                match self { $($(Self::$variant => screaming(stringify!($variant))),+),+ }
            }

            const fn message(self, language: Language) -> &'static str {
                match (self, language) {
                    $($((Self::$variant, Language::Vi) => $vi,
                        (Self::$variant, Language::En) => $en,)+)+
                }
            }

            const fn hint(self, language: Language) -> &'static str {
                match (self, language) {
                    $($((Self::$variant, Language::Vi) => $hint_vi,
                        (Self::$variant, Language::En) => $hint_en,)+)+
                }
            }
        }
    };
}

codes! {
    Caps {
        SdlTooLarge
            "Lược đồ dài quá {max} byte." "The schema is longer than {max} bytes.",
            "Bỏ bớt những gì không dùng." "Take out what is not used.";
        SdlTooDeep
            "Ngoặc lồng nhau quá {max} lớp." "Brackets nest deeper than {max}.",
            "Viết kiểu và giá trị phẳng hơn." "Write flatter types and values.";
        TooManyTokens
            "Lược đồ có quá {max} từ." "The schema has more than {max} tokens.",
            "Bỏ bớt những gì không dùng." "Take out what is not used.";
        UnendedString
            "Có chuỗi ký tự không kết thúc." "A string has no end.",
            "Đóng dấu ngoặc kép." "Close its quotes.";
        TextTooLong
            "Có mô tả hoặc chuỗi dài quá {max} byte." "A description or string is longer than {max} bytes.",
            "Rút gọn và dẫn tới tài liệu." "Shorten it and refer to a document.";
        HiddenCharacter
            "Lược đồ có ký tự ẩn hoặc ký tự điều khiển." "The schema holds hidden or control characters.",
            "Chỉ dùng ký tự nhìn thấy được." "Use characters that can be seen.";
        HoldsPersonalData
            "Lược đồ chứa số điện thoại hoặc số giấy tờ tùy thân." "The schema holds what looks like a phone or identity number.",
            "Bỏ số đó khỏi mô tả hoặc giá trị." "Take it out of the description or value.";
        TooManyDefinitions
            "Lược đồ có quá {max} định nghĩa." "The schema has more than {max} definitions.",
            "Gộp hoặc bỏ bớt kiểu." "Join types, or take some out.";
        TooManyFields
            "Lược đồ có quá {max} trường và giá trị." "The schema has more than {max} fields and values.",
            "Bỏ bớt trường không dùng." "Take out fields that are not used.";
        UrlMalformed
            "Đây không phải là địa chỉ của một máy chủ." "This is no address of a host.",
            "Dùng địa chỉ như https://graph.example.vn/graphql, tối đa 500 byte, không có tham số."
            "Use one like https://graph.example.vn/graphql, of at most 500 bytes and without a query.";
        UrlScheme
            "Địa chỉ không phải http hay https." "The address is neither http nor https.",
            "Dùng https." "Use https.";
        UrlHoldsUser
            "Địa chỉ chứa tên người dùng hoặc mật khẩu." "The address holds a user or a password.",
            "Bỏ phần trước dấu @." "Take out what stands before the @.";
        UrlHostNotAllowed
            "Máy chủ này không có trong danh sách của đơn vị vận hành." "This host is not on the operator's list.",
            "Đề nghị đơn vị vận hành thêm máy chủ vào danh sách." "Ask the operator to put the host on the list.";
    }
    Parse {
        Syntax
            "Sai cú pháp: {message}" "It is no schema: {message}",
            "Sửa tại vị trí đã nêu." "Mend it where it says.";
    }
    Ownership {
        NoFederationLink
            "Lược đồ không khai báo Federation 2." "The schema does not say that it is of Federation 2.",
            "Thêm: extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\"])."
            "Add: extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\"]).";
        FederationVersion
            "Không biết phiên bản Federation {version}." "Federation {version} is not known.",
            "Dùng v2.0 đến v2.{newest}." "Use v2.0 to v2.{newest}.";
        LinkedTwice
            "Federation được khai báo hai lần." "Federation is linked twice.",
            "Chỉ giữ một @link." "Keep one @link.";
        ForeignLink
            "@link tới đặc tả khác không được phép." "A @link to another specification is not allowed.",
            "Chỉ dùng @link tới Federation 2." "Link Federation 2 alone.";
        RenamedImport
            "Không được đổi tên khi nhập (as)." "Imports are not renamed.",
            "Nhập bằng tên gốc, như \"@key\"." "Import by the name it has, such as \"@key\".";
        UnknownImport
            "{import} không thể nhập." "{import} is not imported here.",
            "Bỏ khỏi import." "Take it out of the import.";
        SchemaChanged
            "Không được đổi kiểu gốc hay đặt chỉ thị khác lên schema." "Root types keep their names, and the schema bears @link alone.",
            "Dùng Query, Mutation và Subscription." "Use Query, Mutation and Subscription.";
        NameWithoutPrefix
            "{what} không bắt đầu bằng tiền tố {prefix}." "{what} does not begin with the prefix {prefix}.",
            "Đặt tên bắt đầu bằng {prefix} (không phân biệt hoa thường)." "Begin the name with {prefix}, in capitals or not.";
        ReservedName
            "{what}: tên bắt đầu bằng hai gạch dưới là của GraphQL." "{what}: names that begin with two underscores are GraphQL's.",
            "Đổi tên." "Choose another name.";
        DefinedTwice
            "{what} được định nghĩa hai lần." "{what} is defined twice.",
            "Chỉ giữ một định nghĩa." "Keep one definition.";
        TypeTakenOver
            "{what} là kiểu của đồ thị chung." "{what} is a type of the common graph.",
            "Dùng kiểu của mình, có tiền tố." "Use a type of your own, with your prefix.";
        TypeNotExtendable
            "{what} không mở cho đồ thị con." "{what} is not open to subgraphs.",
            "Gắn trường vào một kiểu mở, như Commune." "Add your field to a type that is open, such as Commune.";
        EnumValueAdded
            "{what} là danh mục của đồ thị chung, không thêm giá trị được." "{what} is an enum of the common graph; no value is added to it.",
            "Dùng enum của mình, có tiền tố." "Use an enum of your own, with your prefix.";
        UnionMemberAdded
            "{what} là union của đồ thị chung." "{what} is a union of the common graph; no member is added to it.",
            "Dùng union của mình, có tiền tố." "Use a union of your own, with your prefix.";
        InputChanged
            "{what} là kiểu nhập của đồ thị chung." "{what} is an input of the common graph.",
            "Dùng kiểu nhập của mình, có tiền tố." "Use an input of your own, with your prefix.";
        InterfaceChanged
            "{what} là interface của đồ thị chung." "{what} is an interface of the common graph.",
            "Dùng interface của mình, có tiền tố." "Use an interface of your own, with your prefix.";
        InterfaceImplemented
            "{what} không được hiện thực interface này." "{what} may not implement that interface.",
            "Chỉ hiện thực interface của mình, hoặc Node trên kiểu của mình." "Implement interfaces of your own, or Node on types of your own.";
        NodeImplementedFalsely
            "{what} hiện thực Node nhưng không có id: ID!." "{what} implements Node without id: ID!.",
            "Thêm trường id: ID!." "Add the field id: ID!.";
        SharedTypeDiffers
            "{what} khác với định nghĩa chung." "{what} differs from how everybody declares it.",
            "Chép đúng định nghĩa của đồ thị chung; PageInfo có @shareable." "Declare it as the common graph does; PageInfo with @shareable.";
        FieldTakenOver
            "{what} là trường của đồ thị chung." "{what} is a field of the common graph.",
            "Khai báo @external nếu cần cho @requires, hoặc bỏ đi." "Declare it @external where @requires needs it, or take it out.";
        FieldNotNamedAsPrefix
            "{what}: trên kiểu của đồ thị chung chỉ được thêm đúng một trường tên {prefix}." "{what}: to a type of the common graph one field is added, called {prefix}.",
            "Đưa nội dung vào dưới trường {prefix}." "Put what you have under the field {prefix}.";
        FieldNotNullable
            "{what} không được bắt buộc có giá trị (!): khi máy chủ của bên này ngừng, cả câu trả lời sẽ mất." "{what} is not nullable: while its subgraph is away, it would take the whole answer with it.",
            "Bỏ dấu ! ở cuối kiểu." "Take the ! off the end of its type.";
        FieldDiffers
            "{what} khác với trường của đồ thị chung." "{what} is not declared as the common graph has it.",
            "Dùng đúng kiểu và tham số: {expected}." "Use its type and arguments: {expected}.";
        KeyMissing
            "{what} không có @key." "{what} has no @key.",
            "Thêm @key(fields: \"id\")." "Add @key(fields: \"id\").";
        KeyNotOurs
            "{what}: không có khóa ({key})." "{what}: ({key}) is no key of it.",
            "Dùng @key(fields: \"id\")." "Use @key(fields: \"id\").";
        KeyNotGranted
            "{what}: trường {field} của khóa chưa được cấp quyền." "{what}: the field {field} of the key is not granted to you.",
            "Dùng @key(fields: \"id\"), hoặc đề nghị đơn vị điều phối cấp {field}." "Use @key(fields: \"id\"), or ask the coordinator to grant {field}.";
        RequiresWithoutGrant
            "{what} cần {field}, chưa được cấp quyền." "{what} requires {field}, which is not granted to you.",
            "Đề nghị đơn vị điều phối cấp, hoặc tự hỏi bằng mã truy cập của mình." "Ask the coordinator to grant it, or ask for it with a token of your own.";
        ProvidesWithoutGrant
            "{what} cung cấp {field}, chưa được cấp quyền." "{what} provides {field}, which is not granted to you.",
            "Đề nghị đơn vị điều phối cấp, hoặc bỏ @provides." "Ask the coordinator to grant it, or take @provides out.";
        RequiresElsewhere
            "{what}: @requires chỉ đứng trên trường {prefix} của kiểu chung." "{what}: @requires stands on the field {prefix} of a common type alone.",
            "Bỏ @requires." "Take @requires out.";
        FieldSetNotPlain
            "{what}: tập trường chỉ gồm tên trường." "{what}: a set of fields holds names of fields and nothing else.",
            "Bỏ fragment, tham số, bí danh và chỉ thị." "Take out fragments, arguments, aliases and directives.";
        FieldSetUnknown
            "{what}: không có trường {field}." "{what}: there is no field {field}.",
            "Sửa tập trường." "Mend the set of fields.";
        ExternalElsewhere
            "{what}: @external chỉ đứng trên trường của kiểu chung." "{what}: @external stands on fields of common types alone.",
            "Bỏ @external." "Take @external out.";
        ExternalUnused
            "{what} là @external nhưng không @key, @requires hay @provides nào dùng." "{what} is @external and no @key, @requires or @provides uses it.",
            "Bỏ trường này." "Take the field out.";
        Override
            "{what}: @override không được phép." "{what}: @override is not allowed.",
            "Bỏ @override: trường của ai do người đó trả lời." "Take it out: a field is answered by whose it is.";
        InterfaceObject
            "{what}: @interfaceObject không được phép." "{what}: @interfaceObject is not allowed.",
            "Bỏ @interfaceObject." "Take it out.";
        ComposedDirective
            "@composeDirective không được phép." "@composeDirective is not allowed.",
            "Bỏ @composeDirective." "Take it out.";
        ShareableOnOurs
            "{what}: @shareable không đặt lên thứ không phải của mình." "{what}: @shareable does not stand on what is not yours.",
            "Bỏ @shareable." "Take it out.";
        InaccessibleOnOurs
            "{what}: @inaccessible không đặt lên thứ không phải của mình." "{what}: @inaccessible does not stand on what is not yours.",
            "Bỏ @inaccessible." "Take it out.";
        TagOnOurs
            "{what}: @tag không đặt lên thứ không phải của mình." "{what}: @tag does not stand on what is not yours.",
            "Bỏ @tag." "Take it out.";
        AuthorizationOnOurs
            "{what}: @{directive} không đặt lên thứ không phải của mình." "{what}: @{directive} does not stand on what is not yours.",
            "Bỏ chỉ thị này." "Take it out.";
        CostOnOurs
            "{what}: @{directive} không đặt lên thứ không phải của mình." "{what}: @{directive} does not stand on what is not yours.",
            "Bỏ chỉ thị này." "Take it out.";
        DirectiveOnOurs
            "{what}: @{directive} không đặt lên thứ không phải của mình." "{what}: @{directive} does not stand on what is not yours.",
            "Bỏ chỉ thị này." "Take it out.";
        DirectiveUnknown
            "{what}: không biết chỉ thị @{directive}." "{what}: @{directive} is not known here.",
            "Bỏ đi, hoặc định nghĩa với tiền tố của mình." "Take it out, or define it with your prefix.";
        DirectiveShadows
            "@{what} là chỉ thị có sẵn, không định nghĩa lại." "@{what} is there already; it is not defined again.",
            "Bỏ định nghĩa." "Take the definition out.";
        AuthorizationNotImported
            "{what}: @{directive} chưa được nhập bằng @link." "{what}: @{directive} is not imported by @link.",
            "Thêm \"@{directive}\" vào import của @link tới Federation." "Add \"@{directive}\" to the import of the @link to Federation.";
    }
    Composition {
        DoesNotFit
            "Không ghép được với đồ thị chung ({rule}): {message}" "It does not fit into the common graph ({rule}): {message}",
            "Sửa lược đồ theo thông báo." "Mend the schema as it says.";
        DoesNotFitOthers
            "Không ghép được với phần khác của đồ thị ({rule})." "It does not fit with another part of the graph ({rule}).",
            "Liên hệ đơn vị điều phối." "Ask the coordinator.";
        ComposerGaveUp
            "Việc ghép đồ thị vượt quá thời gian hoặc bộ nhớ cho phép." "Composing took more time or memory than it is given.",
            "Rút gọn lược đồ." "Make the schema smaller.";
        LinkLost
            "Đồ thị ghép không giữ @link của @{directive}." "The composed graph would lose the @link of @{directive}.",
            "Dùng phiên bản Federation có chỉ thị này." "Link a version of Federation that has the directive.";
    }
    Changes {
        BreakingChange
            "Thay đổi làm hỏng máy khách: {message}" "It breaks clients: {message}",
            "Giữ lại, hoặc gửi allowBreaking nếu không ai dùng nữa." "Keep it, or send allowBreaking where nobody uses it any more.";
    }
    Operations {
        BreaksOperation
            "Thao tác đang dùng {what} sẽ không chạy được: {message}" "The operation {what}, which is in use, would not work: {message}",
            "Giữ trường đó cho đến khi không còn thao tác nào dùng." "Keep the field until no operation uses it.";
        BreaksOthers
            "Làm hỏng {operations} thao tác đang dùng của {parties} bên khác." "It breaks {operations} operations in use of {parties} other parties.",
            "Giữ trường đó và báo trước ngày ngừng bằng @deprecated." "Keep the field, and say by @deprecated when it will go.";
    }
    Probe {
        ProbeForbiddenAddress
            "Không hỏi máy chủ ở địa chỉ này: {why}." "The endpoint is not asked: {why}.",
            "Cho tên máy chủ trỏ tới địa chỉ công khai qua https, hoặc đề nghị đơn vị vận hành thêm mạng vào danh sách."
            "Have the name stand for public addresses, by https; or ask the operator to list the network.";
        ProbeUnreachable
            "Không kết nối được tới máy chủ: {why}." "The endpoint cannot be reached: {why}.",
            "Kiểm tra máy chủ, chứng thư và tường lửa." "Look at the server, its certificate and its firewall.";
        ProbeSlow
            "Máy chủ không trả lời trong {seconds} giây." "The endpoint does not answer within {seconds} seconds.",
            "Trả lời nhanh hơn." "Answer faster.";
        ProbeTooLarge
            "Câu trả lời dài quá {max} byte." "An answer is longer than {max} bytes.",
            "Chỉ trả những gì được hỏi." "Answer what is asked for and no more.";
        ProbeRedirects
            "Máy chủ chuyển hướng (mã {status})." "The endpoint redirects (status {status}).",
            "Công bố đúng địa chỉ cuối cùng." "Publish the address that it redirects to.";
        ProbeNotGraphql
            "Câu trả lời không phải là JSON của GraphQL (mã {status})." "An answer is no JSON object of GraphQL (status {status}).",
            "Trả lời POST bằng application/json." "Answer a POST with application/json.";
        ProbeRefused
            "Máy chủ từ chối giấy xác nhận hợp lệ của đơn vị đăng ký." "The endpoint refuses a good statement of the registry's, or does not answer _service.",
            "Kiểm tra iss, aud và khóa tại /registry/jwks.json." "Look at iss and aud, and at the keys of /registry/jwks.json.";
        ProbeSdlDiffers
            "Lược đồ tại _service khác với lược đồ công bố." "What _service says is not what is published.",
            "Triển khai đúng lược đồ rồi công bố lại." "Deploy the schema, then publish it.";
        ProbeEntitiesCount
            "{what}: hỏi {expected} thực thể, nhận được {found}." "{what}: {expected} entities were asked for, {found} came.",
            "Trả đúng một phần tử cho mỗi khóa, null cho khóa không biết; lỗi của một phần tử không được làm mất cả danh sách."
            "Answer one for each key, null for one that is not known; an error in one must not take the list away.";
        ProbeEntitiesOrder
            "{what}: thực thể trả về không theo đúng thứ tự được hỏi." "{what}: the entities are not in the order that was asked for.",
            "Giữ thứ tự và trả lại đúng khóa và __typename." "Keep the order, and answer the same key and __typename.";
        ProbeEntitiesUnknown
            "{what}: trả lời cả cho khóa không tồn tại." "{what}: it answers for keys that nobody has.",
            "Trả null cho khóa không biết." "Answer null for a key that is not known.";
        ProbePublic
            "Máy chủ trả lời {query} khi không có giấy xác nhận." "The endpoint answers {query} without a statement.",
            "Từ chối mọi yêu cầu không có giấy xác nhận hợp lệ." "Refuse every request without a good statement.";
        ProbeTakesOtherAudience
            "Máy chủ nhận giấy xác nhận dành cho bên khác." "The endpoint takes a statement for another audience.",
            "Kiểm tra aud." "Compare aud.";
        ProbeTakesExpired
            "Máy chủ nhận giấy xác nhận đã hết hạn." "The endpoint takes a statement that has expired.",
            "Kiểm tra exp." "Compare exp.";
        ProbeTakesForged
            "Máy chủ nhận giấy xác nhận có chữ ký sai." "The endpoint takes a statement whose signature is wrong.",
            "Kiểm tra chữ ký Ed25519, không nhận thuật toán khác." "Verify the Ed25519 signature, and take no other algorithm.";
    }
}

impl Code {
    pub const fn here(self) -> Problem {
        Problem {
            stage: self.stage(),
            code: self,
            coordinate: String::new(),
            at: None,
            params: BTreeMap::new(),
        }
    }
}

/// `TypeTakenOver` as `TYPE_TAKEN_OVER`.
pub fn screaming(name: &str) -> String {
    let mut screaming = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !screaming.is_empty() {
            screaming.push('_');
        }
        screaming.push(c.to_ascii_uppercase());
    }
    screaming
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_guide_and_no_other() {
        let page = include_str!("../../../../docs/federating/refusals.md");
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let listed: Vec<String> = rows.map(str::to_owned).collect();
        let codes: Vec<String> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(listed, codes);
    }

    #[test]
    fn both_languages_say_the_same_with_the_same_parameters() {
        let params = |text: &str| {
            let mut found: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
                .collect();
            found.sort();
            found
        };
        for code in Code::ALL {
            let (vi, en) = (code.message(Language::Vi), code.message(Language::En));
            assert_eq!(params(vi), params(en), "{code:?}");
            let hints = (code.hint(Language::Vi), code.hint(Language::En));
            assert_eq!(params(hints.0), params(hints.1), "{code:?}");
            assert!(hints.0.ends_with('.') && hints.1.ends_with('.'), "{code:?}");
        }
    }

    #[test]
    fn a_problem_says_what_where_and_how_to_mend_it() {
        let problem = Code::NameWithoutPrefix.here().about("Coverage").with("prefix", "vidutel");
        assert_eq!(problem.code.name(), "NAME_WITHOUT_PREFIX");
        assert_eq!(problem.stage, Stage::Ownership);
        assert_eq!(
            problem.message(Language::En),
            "Coverage does not begin with the prefix vidutel."
        );
        assert!(problem.hint(Language::Vi).contains("vidutel"));
    }
}
