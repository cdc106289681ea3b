//! Documents on the graph.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object, OneofObject};
use entity::{document, id::DocumentId};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{
    read::{self, DocumentByHead, DocumentById, PartiesOfDocument},
    rules::{self, Reference},
    write,
};
use crate::{
    authz::Viewer,
    domain::{
        party::{
            self,
            graphql::{Party, PartyFilter},
            read::PartyById,
        },
        task::{graphql::Task, read::TasksOfDocument},
    },
    error::Result,
    graphql::{
        context::{ContextExt, key},
        filter::{DateFilter, Filter, row_enum, search},
        paging::{self, By, Order, Page, Paged},
        payload::payload,
        scalar::Date,
    },
};

row_enum! {
    /// Kind of document (loại văn bản căn cứ).
    DocumentKind, DocumentKindFilter = document::Kind {
        /// Directive of an authority (văn bản chỉ đạo): plan, decision, official letter. Public;
        /// the coordinator enters it.
        Directive,
        /// Agreement between parties (thoả thuận).
        Agreement,
        /// Minutes of a meeting (biên bản).
        Minutes,
        /// A party's own letter (văn bản của bên tham gia).
        Letter,
    }
}

row_enum! {
    /// What a document does to whom it addresses (hiệu lực).
    DocumentForce, DocumentForceFilter = document::Force {
        /// It assigns (giao nhiệm vụ).
        Assigns,
        /// It requests (đề nghị).
        Requests,
        /// It records what was agreed (thống nhất).
        Agrees,
    }
}

/// What binds somebody (văn bản căn cứ).
#[derive(Description)]
pub struct Document(pub document::Model);

impl Document {
    /// Batched lookup shared by query fields, payloads and other nouns.
    pub async fn find(ctx: &Context<'_>, id: DocumentId) -> Option<Result<Self>> {
        let row = ctx.reader().load_one(DocumentById(id)).await.transpose()?;
        Some(row.map(Self))
    }
}

#[Object(use_type_description)]
impl Document {
    /// Opaque stable id (mã đối tượng).
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Who issued it (bên ban hành).
    async fn issuer(&self, ctx: &Context<'_>) -> Option<Result<Party>> {
        Party::find(ctx, self.0.issuer_id).await
    }

    /// Code of the party that issued it (mã bên ban hành): with number, symbol and day of issue it
    /// names the document.
    async fn issuer_code(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let row = ctx.reader().load_one(PartyById(self.0.issuer_id)).await.transpose()?;
        Some(row.map(|row| row.code))
    }

    /// Number (số), such as `1431` or `09/2019`.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// Symbol (ký hiệu), such as `QĐ-UBND`.
    async fn symbol(&self) -> &str {
        &self.0.symbol
    }

    /// Number and symbol as printed (số, ký hiệu): `1431/QĐ-UBND`, `09-CT/TU`.
    async fn reference(&self) -> String {
        rules::printed(&self.0.number, &self.0.symbol)
    }

    /// Day of issue (ngày ban hành).
    async fn issued_on(&self) -> Date {
        Date(self.0.issued_on)
    }

    /// Kind (loại).
    async fn kind(&self) -> DocumentKind {
        self.0.kind.into()
    }

    /// What it does (hiệu lực): assign, request, agree.
    async fn force(&self) -> DocumentForce {
        self.0.force.into()
    }

    /// Title (trích yếu).
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The parties that it names, beside its issuer (các bên được nêu tên), in the order of
    /// their codes.
    async fn named_parties(&self, ctx: &Context<'_>) -> Result<Vec<Party>> {
        let ids = ctx.reader().load_one(PartiesOfDocument(self.0.id)).await?.unwrap_or_default();
        let rows = ctx.reader().load_many(ids.into_iter().map(PartyById)).await?;
        let mut rows: Vec<_> = rows.into_values().collect();
        rows.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(rows.into_iter().map(Party::from).collect())
    }

    /// What it asks of whom, in its order (nhiệm vụ).
    async fn tasks(&self, ctx: &Context<'_>) -> Result<Vec<Task>> {
        let rows = ctx.reader().load_one(TasksOfDocument(self.0.id)).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Task).collect())
    }

    /// Counts the changes of this object (phiên bản).
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// How to name one document (cách chỉ một văn bản): exactly one of these.
#[derive(OneofObject)]
pub enum DocumentBy {
    /// By its id (mã đối tượng).
    Id(ID),
    /// By issuer, number and day (theo số, ký hiệu).
    Reference(DocumentByReference),
}

/// What is printed at the head of a document (số, ký hiệu, ngày ban hành).
#[derive(InputObject)]
pub struct DocumentByReference {
    /// Code of the party that issued it (mã bên ban hành).
    pub issuer_code: String,
    /// Number and symbol as typed (số, ký hiệu): `1431/QĐ-UBND`.
    pub reference: String,
    /// Day of issue (ngày ban hành).
    pub issued_on: Date,
}

impl DocumentByReference {
    /// The same as it is kept; none if no document can have it.
    fn head(self) -> Option<DocumentByHead> {
        let Reference { number, symbol } = rules::reference("reference", &self.reference).ok()?;
        let Self { issuer_code, issued_on: Date(issued_on), .. } = self;
        Some(DocumentByHead { issuer_code, number, symbol, issued_on })
    }
}

/// Which documents (điều kiện lọc). All given conditions must hold.
#[derive(InputObject, Clone, Debug, Default)]
pub struct DocumentFilter {
    /// Kind (loại).
    pub kind: Option<DocumentKindFilter>,
    /// What it does (hiệu lực).
    pub force: Option<DocumentForceFilter>,
    /// Who issued it (bên ban hành).
    pub issuer: Option<PartyFilter>,
    /// Day of issue (ngày ban hành).
    pub issued_on: Option<DateFilter>,
    /// Words of the title or the reference, from the start of a word; case, diacritics and đ/Đ do
    /// not matter (tìm theo trích yếu).
    pub search: Option<String>,
}

impl DocumentFilter {
    /// The condition on documents, with the issuer's visibility inside.
    pub fn condition(&self, viewer: &Viewer) -> Condition {
        use document::Column;
        let mut all = Condition::all()
            .add(self.kind.on(Column::Kind))
            .add(self.force.on(Column::Force))
            .add(self.issued_on.on(Column::IssuedOn));
        if let Some(issuer) = &self.issuer {
            let issuers = party::read::visible_to(viewer)
                .filter(issuer.condition())
                .select_only()
                .column(entity::party::Column::Id);
            all = all.add(Column::IssuerId.in_subquery(issuers.into_query()));
        }
        all.add(search(&self.search, Column::SearchKey))
    }
}

/// In which order documents come (thứ tự).
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
pub enum DocumentOrder {
    /// The latest first (mới nhất trước).
    #[default]
    Newest,
    /// The earliest first (cũ nhất trước).
    Oldest,
}

impl From<DocumentOrder> for Order<document::Entity> {
    fn from(order: DocumentOrder) -> Self {
        Self {
            column: document::Column::IssuedOn,
            by: By::Date(|row| row.issued_on),
            descending: order == DocumentOrder::Newest,
        }
    }
}

/// A new document (văn bản mới).
#[derive(InputObject)]
pub struct DefineDocumentInput {
    /// Kind (loại). A directive is the coordinator's to enter; anything else its issuer's.
    pub kind: DocumentKind,
    /// Who issued it (bên ban hành): for anything but a directive your own party or a
    /// predecessor of it.
    pub issuer_id: ID,
    /// Number and symbol as printed (số, ký hiệu): `1431/QĐ-UBND`.
    pub reference: String,
    /// Day of issue (ngày ban hành), not in the future.
    pub issued_on: Date,
    /// What it does (hiệu lực).
    pub force: DocumentForce,
    /// Title (trích yếu), at most 500 characters.
    pub title: String,
    /// The parties that it names, at most 50 (các bên được nêu tên); they see it.
    #[graphql(default, validator(max_items = 50))]
    pub named_party_ids: Vec<ID>,
    /// Key of this request (khóa chống gửi trùng): the same key makes nothing twice.
    pub idempotency_key: Uuid,
}

payload! {
    /// What `defineDocument` answers.
    DefineDocumentPayload { document: Document } made
}

#[derive(Default)]
pub struct DocumentQuery;

#[Object]
impl DocumentQuery {
    /// One document (một văn bản); null if there is none that you may see.
    async fn document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it (cách chỉ).")] by: DocumentBy,
    ) -> Option<Result<Document>> {
        match by {
            DocumentBy::Id(id) => Document::find(ctx, id.parse().ok()?).await,
            DocumentBy::Reference(by) => {
                let row = ctx.reader().load_one(by.head()?).await.transpose()?;
                Some(row.map(Document))
            }
        }
    }

    /// Documents that you may see (danh sách văn bản).
    #[expect(clippy::too_many_arguments, reason = "a connection has four of its own")]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones (điều kiện lọc).")] filter: Option<DocumentFilter>,
        #[graphql(desc = "In which order (thứ tự); the first of its values by default.")]
        order_by: Option<DocumentOrder>,
        #[graphql(desc = "Size of a page from the start, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Size of a page from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> Result<Paged<Document>> {
        let wanted = filter.unwrap_or_default().condition(ctx.viewer());
        let select = read::visible_to(ctx.viewer()).filter(wanted);
        let page = Page { first, after, last, before };
        paging::page(&ctx.app().db, select, order_by.unwrap_or_default().into(), page, Document)
            .await
    }
}

#[derive(Default)]
pub struct DocumentMutation;

#[Object]
impl DocumentMutation {
    /// Enters a document (nhập văn bản). Directives are for managers of the coordinator; letters,
    /// agreements and minutes for managers of the party that issued them.
    async fn define_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document (nội dung).")] input: DefineDocumentInput,
    ) -> Option<Result<DefineDocumentPayload>> {
        let key = key(ctx, input.idempotency_key);
        DefineDocumentPayload::of(write::define_document(ctx.app(), ctx.viewer(), input, key).await)
    }
}
